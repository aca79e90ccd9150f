"""Anything that a terminal may send: valid, odd, malformed, huge, broken off, broken UTF-8."""

import random
from collections.abc import Callable, Iterator

_KEYS = (
    *(b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[H", b"\x1b[F", b"\x1b[5~", b"\x1b[6~"),
    *(
        b"\x1b[Z",
        b"\x1b[2~",
        b"\x1b[3~",
        b"\x1b[1;5C",
        b"\x1bOP",
        b"\x1b[15~",
        b"\x1b[[B",
        b"\x1b[3$",
    ),
    *(b"\t", b"\r", b"\x7f", b"\x1b", b"\x10", b"\x12", b"\x13", b"\x1bj"),
    *(bytes([letter]) for letter in b" sSRNuUpPCozxv12345hjklnmcy[],.<>?/+-0eE\n"),
)
_NUMBERS = (
    *(0, 1, 2, 5, 27, 48, 80, 97, 200, 255, 400, 999, 1000, 9999, 57399, 65536, 99999),
    *(0xD800, 0xDFFF, 0x10FFFF, 0x110000, 2**31, 2**63, 10**30),
)
_TEXT = "aé中𝔘👩\u200d\u0301\u202e\ufeff\x00\x07\x85\x9b~"
_FINALS = b"uABCDEFHPQRSMmtcnyqxpIOZ~@`^"


def sequences(seed: int, count: int) -> Iterator[bytes]:
    """``count`` of them, always the same for a ``seed``; none of them is Ctrl+C or Ctrl+Z."""
    rng = random.Random(seed)
    kinds: tuple[Callable[[random.Random], bytes], ...] = (
        *(_key, _key, _kitty, _mouse, _mouse, _size, _answer, _string, _csi, _csi),
        *(_paste, _text, _noise, _broken, _broken),
    )
    for _ in range(count):
        made = rng.choice(kinds)(rng)
        yield made.translate(None, b"\x03\x1a") if made else b"j"


def _number(rng: random.Random) -> bytes:
    number = rng.choice(_NUMBERS) if rng.random() < 0.5 else rng.randrange(0, 200)
    return rng.choice((b"", b"%d", b"%d", b"%d", b"-%d", b"0%d", b"%d:%d")).replace(
        b"%d", str(number).encode()
    )


def _numbers(rng: random.Random, most: int) -> bytes:
    return b";".join(_number(rng) for _ in range(rng.randint(1, most)))


def _key(rng: random.Random) -> bytes:
    return rng.choice(_KEYS)


def _kitty(rng: random.Random) -> bytes:
    made = b"\x1b[" + _numbers(rng, 3) + rng.choice((b"u", b"u", b"~", b"A", b"P"))
    return b"j" if made.startswith(b"\x1b[99;") else made  # which may be Ctrl+C


def _mouse(rng: random.Random) -> bytes:
    if rng.random() < 0.3:
        return b"\x1b[<" + _numbers(rng, 4) + rng.choice((b"M", b"m"))
    button, x, y = (
        rng.choice((0, 1, 2, 32, 35, 64, 65, 66, 67)),
        rng.randint(0, 130),
        rng.randint(0, 40),
    )
    return b"\x1b[<%d;%d;%d%c" % (button, x, y, rng.choice(b"Mm"))


def _size(rng: random.Random) -> bytes:
    if rng.random() < 0.5:
        return b"\x1b[48;" + _numbers(rng, 5) + b"t"
    return b"\x1b[48;%d;%d;%d;%dt" % tuple(rng.choice((0, 1, 24, 40, 80, 120, 999)) for _ in "rcwh")


def _answer(rng: random.Random) -> bytes:
    return rng.choice(
        (
            *(b"\x1b[0n", b"\x1b[3n", b"\x1b[?62;22c", b"\x1b[>41;354;0c", b"\x1b[24;80R"),
            *(b"\x1b[?2026;2$y", b"\x1b[?2048;1$y", b"\x1b[?2048;2$y", b"\x1b[?2027;9$y"),
            *(b"\x1b[?1u", b"\x1b[8;24;80t", b"\x1b[I", b"\x1b[O", b"\x1b[M !!", b"\x1b[M\x00"),
        )
    )


def _string(rng: random.Random) -> bytes:
    body = rng.choice(
        (b"11;rgb:ffff/ffff/ffff", b"52;c;" + b"QUJD" * rng.randint(0, 900), b"!|7E", b"")
    )
    end = rng.choice((b"\x1b\\", b"\x07", b"\x18", b"\x1b", b""))
    return b"\x1b" + rng.choice((b"]", b"P", b"_", b"^", b"X")) + body + end


def _csi(rng: random.Random) -> bytes:
    private = rng.choice((b"", b"", b"?", b"<", b">", b"="))
    between = rng.choice((b"", b"", b"$", b" ", b"!#"))
    return b"\x1b[" + private + _numbers(rng, 6) + between + bytes([rng.choice(_FINALS)])


def _paste(rng: random.Random) -> bytes:
    body = b"".join(rng.choice((_text, _key, _csi))(rng) for _ in range(rng.randint(0, 5)))
    body *= rng.choice((1, 1, 1, 500))
    return b"\x1b[200~" + body + rng.choice((b"\x1b[201~", b"\x1b[201~", b"\x1b[201", b""))


def _text(rng: random.Random) -> bytes:
    return "".join(rng.choices(_TEXT, k=rng.randint(1, 6))).encode()


def _noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(1, 12)).translate(None, b"q")


def _broken(rng: random.Random) -> bytes:
    made = rng.choice((_kitty, _mouse, _size, _string, _csi, _paste, _text))(rng)
    cut = rng.randint(0, len(made))
    return made[:cut] + rng.choice((b"", b"\x1b", b"\xff", b"\xe4\xb8", b"\x00")) + made[cut + 1 :]
