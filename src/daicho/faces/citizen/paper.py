"""Is this paper genuine?  Whoever has a certificate in hand asks by the text of its 2D code; no sign-in."""

from daicho.faces.terminal.desk import CertificateDesk
from daicho.faces.terminal.web import Call, reply_page
from daicho.faces.web.replies import Reply
from daicho.faces.wording.refusals import explain
from daicho.rules.law.refusal import Refusal

TEXT_CHARACTERS = 120


def paper_door(desk: CertificateDesk, call: Call) -> Reply:
    """Ask for the text of the 2D code, and tell what the book says of that paper."""
    text = call.form.get("code", "").strip()
    found = desk.verify(text[:TEXT_CHARACTERS]) if call.method == "POST" else None
    refused = isinstance(found, Refusal)
    values = {
        "info": call.info,
        "told": explain(found) if isinstance(found, Refusal) else None,
        "paper": None if refused else found,
        "text": text[:TEXT_CHARACTERS],
    }
    return reply_page(call, "paper_door.html", values, 404 if refused else 200)
