"""A fake TAK on a real socket, which answers SokVagvalsInfo v2 as it is told to."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.tak_examples import permission, permissions_answer, route, routes_answer


class TakSystem:
    """
    Answers each operation with a status and a body, to be used in a `with`.

    `asked` are the operations that were asked for, each with the action of its request.
    """

    def __init__(self, *routes):
        self.answers = {
            "hamtaAllaVirtualiseringar": (200, routes_answer(routes or [route()])),
            "hamtaAllaAnropsBehorigheter": (200, permissions_answer([permission()])),
        }
        self.headers = {}
        self.asked = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = (
            f"http://127.0.0.1:{self._server.server_address[1]}/tak-services/SokVagvalsInfo/v2"
        )

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        system = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                operation = next(name for name in system.answers if f":{name} " in body)
                system.asked.append((operation, self.headers["SOAPAction"]))
                status, answer = system.answers[operation]
                self.send_response(status)
                self.send_header("Content-Type", "text/xml; charset=UTF-8")
                self.send_header("Content-Length", str(len(answer)))
                for name, value in system.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                """Say nothing on the terminal."""

        return Handler
