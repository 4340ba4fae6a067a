"""認証器の登録: an operator enrols an authenticator of the own, with user verification."""

from daicho.faces.terminal.page import Answer, Show, Turn


def authenticator(turn: Turn) -> Answer:
    """Show the page whose script makes the credential."""
    return Show("authenticator.html", {"login_id": turn.operator.login_id})
