"""Find installed adapters by entry point, and build one for a destination, settings checked."""

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from importlib.metadata import EntryPoint, entry_points
from typing import get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from gateway.adapter import Adapter, AdapterTypes, Broken, Can, HttpsSettings, Tools
from gateway.domain import opening
from gateway.domain.destination import Destination
from gateway.domain.errors import StartRefused
from gateway.domain.tls import Tls
from gateway.flow.delivery import is_safe_to_repeat
from gateway.settings import PREFIX
from gateway.wire.trust import context_of
from gateway.wire.validity import date_warning

GROUP = "vaxel.adapters"

Secrets = Mapping[str, SecretStr]


def found(points: Iterable[EntryPoint] | None = None) -> AdapterTypes:
    """
    Find every installed adapter by its name.

    One that cannot be used is Broken, and stops nothing until a destination asks for it.
    """
    by_name: dict[str, list[EntryPoint]] = defaultdict(list)
    for point in entry_points(group=GROUP) if points is None else points:
        by_name[point.name].append(point)
    return {name: _loaded(same) for name, same in by_name.items()}


def faults(destination: Destination, types: AdapterTypes, secrets: Secrets) -> list[str]:
    """Tell everything that is wrong with a destination's adapter and settings, never a value."""
    prepared = _prepare(destination, types, secrets)
    return prepared if isinstance(prepared, list) else []


def tls_of(destination: Destination, types: AdapterTypes, secrets: Secrets) -> Tls:
    """Tell what the settings of a destination say about TLS; nothing when they are wrong."""
    prepared = _prepare(destination, types, secrets)
    settings = None if isinstance(prepared, list) else prepared[1]
    return settings.tls if isinstance(settings, HttpsSettings) else Tls()


def trust_faults(
    destinations: Iterable[Destination], types: AdapterTypes, secrets: Secrets
) -> list[str]:
    """Tell which destinations name files for TLS that this machine cannot use."""
    found = []
    for destination in destinations:
        try:
            context_of(tls_of(destination, types, secrets))
        except StartRefused as error:
            found.append(f"{destination.key}: {error}")
    return found


def certificate_warnings(
    destinations: Iterable[Destination], types: AdapterTypes, secrets: Secrets, now: datetime
) -> Iterator[str]:
    """Tell which destinations will turn us away: our certificate is not valid, or not for long."""
    for destination in destinations:
        path = tls_of(destination, types, secrets).client_certificate
        if path and (words := date_warning(path, now)):
            yield f"{destination.key}: client_certificate: {path} {words}"


def hours_warnings(destinations: Iterable[Destination], types: AdapterTypes) -> Iterator[str]:
    """
    Tell which destinations have opening hours that mean nothing.

    They are no fault: a node must start with what was published when nobody looked for them.
    """
    for destination in destinations:
        if is_fetched(destination, types) and destination.policy.opening_hours != opening.ALWAYS:
            yield f"{destination.key}: {_OPEN_TO_FETCH}"


def build(
    destination: Destination, types: AdapterTypes, secrets: Secrets, tools: Tools
) -> Adapter:
    """Build the adapter of a destination; raises StartRefused with everything that is wrong."""
    prepared = _prepare(destination, types, secrets)
    if isinstance(prepared, list):
        raise StartRefused("\n".join(f"{destination.key}: {words}" for words in prepared))
    adapter, settings = prepared
    try:
        return adapter(settings, tools)
    except Exception as error:
        # The words of a stranger's exception may hold a secret; those of the system hold a path.
        why = f": {error}" if isinstance(error, OSError) else ""
        words = (
            f"{destination.key}: {destination.adapter!r} cannot be built: {type(error).__name__}"
        )
        raise StartRefused(words + why) from error


def kind_of(destination: Destination, types: AdapterTypes) -> type[Adapter] | None:
    """Give the kind of a destination's adapter, built or not; None when none can be used here."""
    known = types.get(destination.adapter)
    return None if isinstance(known, Broken) else known


def is_fetched(destination: Destination, types: AdapterTypes) -> bool:
    """Tell whether the system of a destination fetches what waits for it."""
    kind = kind_of(destination, types)
    return kind is not None and kind.can.fetched


def may_repeat(destination: Destination, types: AdapterTypes) -> bool:
    """Tell whether sending to a destination again can make nothing double there (DOMAIN C6)."""
    kind = kind_of(destination, types)
    return kind is not None and is_safe_to_repeat(kind)


_OPEN_TO_FETCH = (
    "policy.opening_hours: its system fetches by itself, whenever it wants to, and nobody calls "
    "it; take them away"
)


def _loaded(same: list[EntryPoint]) -> type[Adapter] | Broken:
    values = sorted({point.value for point in same})
    if len(values) > 1:
        return Broken(f"several packages bring one of that name: {', '.join(values)}")
    try:
        adapter = same[0].load()
    except Exception as error:  # noqa: BLE001 a stranger's module may raise anything
        return Broken(f"{values[0]} cannot be loaded: {type(error).__name__}: {error}")
    lacks = [name for name, is_there in _HAS.items() if not is_there(getattr(adapter, name, None))]
    return Broken(f"{values[0]} lacks {', '.join(lacks)}") if lacks else adapter


_HAS: dict[str, Callable[[object], bool]] = {
    "can": lambda can: isinstance(can, Can),
    "Settings": lambda model: isinstance(model, type) and issubclass(model, BaseModel),
    "deliver": callable,
}


def _prepare(
    destination: Destination, types: AdapterTypes, secrets: Secrets
) -> tuple[type[Adapter], BaseModel] | list[str]:
    name = destination.adapter
    adapter = types.get(name)
    if adapter is None:
        return [f"no adapter {name!r} is installed; {_meant(name, types)}"]
    if isinstance(adapter, Broken):
        return [f"the adapter {name!r} cannot be used: {adapter.reason}"]
    wrong = dict(_secrets_in_clear(destination.settings, adapter.Settings))
    values = _with_secrets(destination.settings, "settings", secrets, wrong)
    try:
        settings = adapter.Settings.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_input=False, include_url=False):
            where = ".".join(("settings", *map(str, detail["loc"])))
            wrong.setdefault(where, _words(detail, adapter.Settings))
    except Exception as error:  # noqa: BLE001 a stranger's check may raise anything
        wrong["settings"] = f"cannot be checked: {type(error).__name__}"
    return [f"{where} {words}" for where, words in wrong.items()] or (adapter, settings)


def _secrets_in_clear(
    values: Mapping[str, object], model: type[BaseModel]
) -> Iterator[tuple[str, str]]:
    """Route tables are published, compared and kept, so no secret may stand in one."""
    for name, field in model.model_fields.items():
        is_secret = SecretStr in (field.annotation, *get_args(field.annotation))
        if is_secret and isinstance(values.get(name), str):
            yield f"settings.{name}", 'is a secret in clear; write { secret = "its-name" } instead'


def _with_secrets(value: object, where: str, secrets: Secrets, wrong: dict[str, str]) -> object:
    """Put secrets where they are named, and note those that are not set."""
    match value:
        case {"secret": str(name), **rest} if not rest:
            if name not in secrets:
                # The names of other regions' secrets are not told either.
                wrong[where] = (
                    f"names the secret {name!r}, which is not set; "
                    f"set {PREFIX}SECRETS__{name.upper()}"
                )
            return secrets.get(name, SecretStr(""))
        case Mapping():
            return {k: _with_secrets(v, f"{where}.{k}", secrets, wrong) for k, v in value.items()}
        case list():
            return [_with_secrets(v, f"{where}.{i}", secrets, wrong) for i, v in enumerate(value)]
        case _:
            return value


def _words(detail: ErrorDetails, model: type[BaseModel]) -> str:
    field = model.model_fields.get(str(detail["loc"][0])) if detail["loc"] else None
    match detail["type"]:
        case "missing" if field and field.description:
            return f"is missing: {field.description}"
        case "missing":
            return "is missing"
        case "extra_forbidden":
            name = str(detail["loc"][-1])
            return f"is no setting of this adapter; {_meant(name, model.model_fields)}"
        case "value_error":
            return f"is wrong: {detail['ctx']['error']}"
        case _:
            return f"is wrong: {detail['msg']}"


def _meant(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names) or 'none'}"
