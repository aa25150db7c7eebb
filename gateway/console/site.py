"""The sets of pages: staff's and citizens' stand apart, each at its own path."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """
    One set of pages.

    `home` is the path where it is mounted, `first` the page of who has signed in, `cookies` how
    the names of its cookies begin, and `words` the table of the words on each of its pages.
    `problems` has words of its own for what went wrong; what is not there is in `problem`.
    """

    home: str
    first: str
    cookies: str
    words: str
    problems: str = "problem"

    @property
    def callback(self) -> str:
        """The page that the identity provider sends people back to."""
        return f"{self.home}/signed-in"

    def own_path(self, text: str | None) -> str:
        """Give a path of ours to go to; the first page for others, so that nobody is led away."""
        home = self.home
        is_ours = text is not None and (text == home or text.startswith((f"{home}/", f"{home}?")))
        if text is None or not is_ours or not text.isprintable() or "\\" in text or "//" in text:
            return self.first
        return text


STAFF = Site("/console", "/console/cases", "vaxel", "site")
CITIZENS = Site(
    "/citizen", "/citizen/cases", "vaxel-citizen", "citizen", problems="citizen_problem"
)
ANONYMOUS = Site(
    "/citizen/anonymous",
    "/citizen/anonymous/",
    "vaxel-anonymous",
    "anonymous",
    problems="anonymous_problem",
)
