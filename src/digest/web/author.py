"""The author's desk as a web application on this machine (Starlette); bound to loopback by the command that runs it."""

import importlib
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from digest.desk.refused import RefusedError
from digest.errors import (
    DeliveryError,
    DigestError,
    EngineError,
    FileFormatError,
    NotApprovedError,
    SettingsError,
    SourceError,
    StateConflictError,
    StorageError,
)
from digest.i18n import choose_locale
from digest.models.message import N_
from digest.web import front_page
from digest.web.asking import Ask, TooLargeError, read_form
from digest.web.guards import COOKIE, HOSTS, Guard, is_token
from digest.web.sitting import INTERFACES, Sitting

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGE_COOKIE = "digest_interface"
_A_YEAR = 365 * 24 * 3600
_STATIC = {"desk.css": "text/css", "desk.js": "text/javascript"}
_STATUS: "Mapping[type[DigestError], int]" = {
    StorageError: HTTPStatus.INSUFFICIENT_STORAGE,
    FileFormatError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotApprovedError: HTTPStatus.CONFLICT,
    SettingsError: HTTPStatus.NOT_FOUND,
}

_SAID: "Mapping[type[DigestError], str]" = {
    StateConflictError: N_("Another digest command is changing this folder. Wait a moment, then do it again."),
    StorageError: N_(
        "It could not be written. What stood there before is whole, and what you typed is still on this page."
    ),
    FileFormatError: N_("A file can not be read. Mend the line that is named here; everything else still works."),
    NotApprovedError: N_("This can not be approved or sent as it is now. Nothing was changed."),
    DeliveryError: N_("The mail server did not take it. Nothing counts as sent."),
    SettingsError: N_("The settings do not allow this. Nothing was changed."),
    SourceError: N_("The page could not be read. Nothing was changed."),
    EngineError: N_("The engine gave no usable answer. Nothing was changed."),
}
"""What she reads in her own language; the sentence of the error, which names the place, stands below."""

TOO_LARGE = N_("This is far more than one text can hold. Nothing was saved: shorten it first.")

Handler = Callable[[Sitting, Ask], Response]


def author_app(sitting: Sitting, *, static: Path) -> Starlette:
    """Return the application; `static` is the folder of its style and script."""
    issue = "/issues/{issue}"
    pages: dict[str, Handler] = {
        "/": front_page.issues_page,
        "/status": _later("status_page", "status_page"),
        issue: _later("desk_pages", "issue_page"),
        f"{issue}/mark": _later("desk_pages", "mark"),
        f"{issue}/texts": _later("desk_pages", "texts"),
        f"{issue}/mail/{{name}}": _later("desk_pages", "mail"),
        f"{issue}/edit": _later("desk_pages", "editor"),
    }
    actions: dict[str, Handler] = {
        f"{issue}/edit": _later("desk_actions", "save"),
        f"{issue}/undo": _later("desk_actions", "undo"),
        f"{issue}/stories": _later("desk_actions", "arrange"),
        f"{issue}/words": _later("desk_actions", "own_words"),
        f"{issue}/add": _later("desk_actions", "add"),
        f"{issue}/citations": _later("desk_actions", "decide"),
        f"{issue}/dismiss": _later("desk_actions", "dismiss"),
        f"{issue}/note": _later("desk_actions", "note"),
        f"{issue}/approve": _later("desk_actions", "approve"),
        f"{issue}/test": _later("desk_actions", "send_test"),
        f"{issue}/withdraw": _later("desk_actions", "withdraw"),
    }
    lock = threading.Lock()
    routes = [
        Route("/enter", partial(_enter, sitting)),
        Route("/language", _language),
        Route("/static/{name}", partial(_static, static)),
        *(Route(path, _endpoint(sitting, handler, lock)) for path, handler in pages.items()),
        *(Route(path, _endpoint(sitting, handler, lock), methods=["POST"]) for path, handler in actions.items()),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
            Middleware(Guard, token=sitting.token, refuse=_asgi(partial(_refused, sitting))),
        ],
        exception_handlers={HTTPStatus.NOT_FOUND: partial(_not_found, sitting)},
    )


def _later(module: str, name: str) -> Handler:
    """Return a page that is imported when it is asked for: the first page does without what the others need."""

    def handler(sitting: Sitting, ask: Ask) -> Response:
        found: Handler = getattr(importlib.import_module(f"digest.web.{module}"), name)
        return found(sitting, ask)

    return handler


def _endpoint(sitting: Sitting, handler: Handler, lock: threading.Lock) -> Callable[[Request], Awaitable[Response]]:
    def answered(ask: Ask) -> Response:
        # One author, one page at a time: nothing below has to be safe for threads.
        with lock:
            try:
                return handler(sitting, ask)
            except DigestError as error:
                return failure(sitting, ask, error)

    async def endpoint(request: Request) -> Response:
        try:
            form = await read_form(request) if request.method == "POST" else {}
        except TooLargeError:
            return _too_large(sitting, _ask(sitting, request, {}))
        response = await run_in_threadpool(answered, _ask(sitting, request, form))
        if handler is front_page.issues_page:
            # While she looks at it.
            response.background = BackgroundTask(made_ready)
        return response

    def made_ready() -> None:
        with lock:
            front_page.make_ready(sitting)

    return endpoint


def failure(sitting: Sitting, ask: Ask, error: DigestError) -> Response:
    """Return an expected failure as a page that says what to do; whatever she typed stays in her browser."""
    words = sitting.words(ask.interface)
    if isinstance(error, RefusedError):
        said, detail = words.say(error.said), ""
    else:
        known = next((sentence for kind, sentence in _SAID.items() if isinstance(error, kind)), "")
        said, detail = words.gettext(known) if known else "", str(error)
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), HTTPStatus.CONFLICT)
    code = error.status if isinstance(error, RefusedError) else int(status)
    return sitting.page("author/message.html", ask, status=code, said=said, detail=detail)


def _too_large(sitting: Sitting, ask: Ask) -> Response:
    said = sitting.words(ask.interface).gettext(TOO_LARGE)
    return sitting.page("author/message.html", ask, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said=said, detail="")


def _ask(sitting: Sitting, request: Request, form: "Mapping[str, tuple[str, ...]]") -> Ask:
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    accepted = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0]
    wanted = chosen if chosen in INTERFACES else sitting.interface or accepted
    query = f"?{request.url.query}" if request.url.query else ""
    return Ask(
        path=dict(request.path_params),
        query=dict(request.query_params),
        form=form,
        interface=choose_locale(wanted, INTERFACES),
        address=request.url.path + query,
        by_script="x-desk" in request.headers,
    )


async def _enter(sitting: Sitting, request: Request) -> Response:
    if not is_token(request.query_params.get("token", ""), sitting.token):
        return await _refused(sitting, request)
    answer = RedirectResponse(_own_path(request.query_params.get("to", "/")), status_code=HTTPStatus.SEE_OTHER)
    answer.set_cookie(COOKIE, sitting.token, httponly=True, samesite="strict", path="/")
    return answer


async def _language(request: Request) -> Response:
    to = request.query_params.get("to", "")
    answer = RedirectResponse(_own_path(request.query_params.get("back", "/")), status_code=HTTPStatus.SEE_OTHER)
    if to in INTERFACES:
        answer.set_cookie(LANGUAGE_COOKIE, to, max_age=_A_YEAR, httponly=True, samesite="strict", path="/")
    return answer


async def _static(folder: Path, request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        return Response("404", status_code=HTTPStatus.NOT_FOUND)
    return FileResponse(folder / name, media_type=_STATIC[name])


async def _refused(sitting: Sitting, request: Request) -> Response:
    return sitting.page("author/refused.html", _ask(sitting, request, {}), status=HTTPStatus.FORBIDDEN)


async def _not_found(sitting: Sitting, request: Request, _error: Exception) -> Response:
    return sitting.page(
        "author/message.html", _ask(sitting, request, {}), status=HTTPStatus.NOT_FOUND, said="", detail=""
    )


def _own_path(path: str) -> str:
    """Return a path of this desk: a redirect never leads away from it."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _asgi(handler: Callable[[Request], Awaitable[Response]]) -> Callable[..., Awaitable[None]]:
    async def app(scope: object, receive: object, send: object) -> None:
        request = Request(scope, receive)  # type: ignore[arg-type]  # Starlette's own names for the same three
        await (await handler(request))(scope, receive, send)  # type: ignore[arg-type]

    return app
