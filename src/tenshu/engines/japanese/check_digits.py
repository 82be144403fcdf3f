"""Check digits of 個人番号, 法人番号 and 住民票コード. A right digit proves nothing; a wrong one
proves a slip."""

from tenshu.engines.japanese.width import fold_width

#: Weights Qn for n = 1, 2, … counted from the right (総務省令第85号 平成26年 第5条): n + 1 to n = 6,
#: then n − 5.
MODULUS_11_WEIGHTS = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)


#: Marks people put between the digits.
SEPARATORS = " -‐−ー"


class NumberFormatError(ValueError):
    """The text has not the digits that the number must have. The message never contains the text itself."""


def digits_of(text: str, length: int, *, what: str) -> str:
    """Return exactly ``length`` digits, folding width and dropping spaces and hyphens between them.

    Raises:
        NumberFormatError: other characters, or another number of digits. The number is not repeated in
        the message.
    """
    digits = fold_width(text).translate({ord(mark): None for mark in SEPARATORS})
    if len(digits) != length or not (digits.isascii() and digits.isdecimal()):
        raise NumberFormatError(f"{what}は{length}桁の数字です（入力は{len(digits)}文字）")
    return digits


def _modulus_11(digits: str) -> int:
    total = sum(
        int(digit) * weight for digit, weight in zip(reversed(digits), MODULUS_11_WEIGHTS, strict=False)
    )
    remainder = total % 11
    return 0 if remainder <= 1 else 11 - remainder


def personal_number_check_digit(first_eleven: str) -> int:
    """Check digit (12th) of a 個人番号 from its first eleven digits.

    About 1.6 % of single-digit slips pass, since remainders 0 and 1 both give 0.
    """
    return _modulus_11(digits_of(first_eleven, 11, what="個人番号の先頭"))


def is_personal_number(text: str) -> bool:
    """Whether ``text`` is twelve digits whose last is the check digit of a 個人番号."""
    try:
        digits = digits_of(text, 12, what="個人番号")
    except NumberFormatError:
        return False
    return int(digits[-1]) == _modulus_11(digits[:-1])


def resident_code_check_digit(first_ten: str) -> int:
    """Check digit (11th) of a 住民票コード: the weights of 個人番号 over ten digits
    (住民基本台帳法施行規則 第1条)."""
    return _modulus_11(digits_of(first_ten, 10, what="住民票コードの先頭"))


def is_resident_code(text: str) -> bool:
    """Whether ``text`` is eleven digits whose last is the check digit of a 住民票コード."""
    try:
        digits = digits_of(text, 11, what="住民票コード")
    except NumberFormatError:
        return False
    return int(digits[-1]) == _modulus_11(digits[:-1])


def corporate_number_check_digit(last_twelve: str) -> int:
    """Check digit (leading) of a 法人番号 from the twelve digits behind it: 9 − (Σ Pn·Qn mod 9), Qn 1,
    2, 1, …"""
    digits = digits_of(last_twelve, 12, what="法人番号の基礎番号")
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return 9 - total % 9


def is_corporate_number(text: str) -> bool:
    """Whether ``text`` is thirteen digits whose first is the check digit of a 法人番号."""
    try:
        digits = digits_of(text, 13, what="法人番号")
    except NumberFormatError:
        return False
    return int(digits[0]) == corporate_number_check_digit(digits[1:])
