"""A browser page and all that must not happen in it."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Dialog, Page

_LOOPBACK = {"127.0.0.1", "localhost"}
_NO_NETWORK = {"file", "data", "blob", "about"}

HAS_INK = """source => {
    const width = source.naturalWidth || source.width, height = source.naturalHeight || source.height;
    const copy = new OffscreenCanvas(width, height).getContext("2d");
    copy.drawImage(source, 0, 0);
    const pixels = new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer);
    return pixels.some(pixel => pixel !== pixels[0]);
}"""
"""Says in the browser whether an image or canvas shows anything: whether not all of it is of one colour."""


class WatchedPage:
    """A page that remembers what went wrong in it.

    Parameters
    ----------
    context : BrowserContext
        Where it is opened.

    Attributes
    ----------
    page : Page
        Playwright's page.
    errors : list of str
        Errors on the console, and exceptions that no script caught.
    boxes : list of str
        Messages of the browser's own dialogs, such as ``alert(1)`` opens.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.boxes: list[str] = []
        self._asked: list[str] = []
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", self._refuse)
        self.page.on("request", lambda request: self._asked.append(request.url))
        self.page.on("websocket", lambda socket: self._asked.append(socket.url))

    def _refuse(self, dialog: Dialog) -> None:
        self.boxes.append(dialog.message)
        dialog.dismiss()

    @property
    def asked_elsewhere(self) -> list[str]:
        """Addresses that the page asked for and that are not on this machine."""
        return [
            url
            for url in self._asked
            if (parts := urlsplit(url)).scheme not in _NO_NETWORK and parts.hostname not in _LOOPBACK
        ]

    def assert_clean(self) -> None:
        """Nothing went wrong."""
        assert self.errors == []
        assert self.boxes == []
        assert self.asked_elsewhere == []
