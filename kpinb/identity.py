"""Who is at the keyboard, as the server knows them."""

from __future__ import annotations

import getpass
import os


def author() -> str:
    """Give the name under which changes are recorded: the JupyterHub user, else the login name."""
    return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
