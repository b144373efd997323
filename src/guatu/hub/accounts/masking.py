"""Personal data as lists and pages show it: enough to recognise, not enough to use."""

from __future__ import annotations


def masked_phone(phone: str) -> str:
    """138****0000; what is shorter than a mobile number keeps its last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return f"****{phone[-2:]}" if phone else ""


def masked_id_number(id_number: str) -> str:
    """110***********0000 without the day of birth."""
    return f"{id_number[:3]}***********{id_number[-4:]}" if len(id_number) >= 15 else "****" if id_number else ""


def masked_email(email: str) -> str:
    """z***@example.cn"""
    name, at, host = email.partition("@")
    return f"{name[:1]}***{at}{host}" if name else ""
