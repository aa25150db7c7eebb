"""About the API: what everybody may know."""


def test_the_api_tells_what_it_is(client):
    """Digg VER.06, VER.07: name, version, date, documentation, status; open to all."""
    told = client.get("/api/v1/api-info").json()
    assert told["apiDocumentation"] == "https://vaxel.example/api/v1/openapi.json"
    assert set(told) == {"apiName", "apiVersion", "apiReleased", "apiDocumentation", "apiStatus"}


def test_the_description_is_under_the_root_of_the_api(client, described):
    """Digg DOK.23: openapi.json."""
    answer = client.get("/api/v1/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == described


def test_there_is_no_page_that_loads_from_elsewhere(asked):
    """DESIGN: nothing of ours needs the internet."""
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert asked("operator", "GET", path).status_code == 404
