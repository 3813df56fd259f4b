"""Checks that must hold for a page to be built: two computations agree, a statement is true."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from runtime.recording import current
from runtime.values import _is_tensor


class VerificationError(AssertionError):
    """A check of an article does not hold, or could not have failed."""


def close(text: str, a: object, b: object, *, rtol: float = 1e-6, atol: float = 1e-12) -> None:
    """Check that `a` and `b`, computed in two independent ways, agree; `text` says what they are.

    Numbers, arrays, tensors or nested lists of equal shape. The difference of two entries is

        max(|a - b| - atol, 0) / max(|a|, |b|)

    (0 where both are 0): symmetric, relative, and forgiving of `atol` in the entries' own unit, so that an
    entry which should be zero may be a rounding error. The check holds when the largest one is at most `rtol`.

    Raises VerificationError with the largest difference and where it is; also when the shapes differ, and when
    the check could not have failed: nothing to compare, one object given twice, NaN or infinity on a side.
    Raises TypeError when a side is not made of numbers, ValueError for a tolerance outside [0, 1) or negative.
    """
    _check_text(text)
    if not 0 <= rtol < 1 or not 0 <= atol < np.inf:
        raise ValueError(f"{text!r}: rtol must be in [0, 1) and atol not negative, not {rtol} and {atol}")
    _refuse_same(text, a, b)
    one, other = _array(text, a), _array(text, b)
    _refuse_same(text, one, other)
    left, right = _numbers(one), _numbers(other)
    if left.shape != right.shape:
        raise VerificationError(f"{text!r}: the shapes {left.shape} and {right.shape} differ")
    if left.size == 0:
        raise VerificationError(f"{text!r}: there is nothing to compare, both sides are empty")
    for side in (left, right):
        if not np.isfinite(side).all():
            place = _place(np.argmin(np.isfinite(side)), side.shape)
            raise VerificationError(f"{text!r}: a side is not finite{place}")

    difference = _differences(left, right, atol)
    worst = int(np.argmax(difference))
    largest = float(difference.flat[worst])
    if largest > rtol:
        raise VerificationError(
            f"{text!r}: {left.flat[worst]!s} and {right.flat[worst]!s}{_place(worst, left.shape)} "
            f"differ by {largest:.3g}, allowed is {rtol:.3g}"
        )
    current().check("close", text, float(rtol), largest)


def claim(text: str, condition: object) -> None:
    """Check that `condition` is true; `text` is the sentence it stands for.

    `condition` is a bool, or a NumPy or torch bool with no dimension.

    Raises VerificationError when it is false; TypeError when it is anything else: an array of several bools
    does not say whether all or any are meant, and a number is not a statement.
    """
    _check_text(text)
    if isinstance(condition, np.ndarray) and condition.dtype == bool and condition.ndim == 0:
        condition = condition[()]
    elif _is_tensor(condition):
        tensor: Any = condition
        if tensor.ndim == 0 and str(tensor.dtype) == "torch.bool":
            condition = bool(tensor)
    if not isinstance(condition, (bool, np.bool_)):
        raise TypeError(f"{text!r}: the condition is {_described(condition)}; give one bool, as .all() or .any() do")
    if not condition:
        raise VerificationError(f"{text!r} is not true")
    current().check("claim", text, None, None)


def _differences(
    left: npt.NDArray[np.inexact[Any]], right: npt.NDArray[np.inexact[Any]], atol: float
) -> npt.NDArray[np.float64]:
    """Return the relative difference of each entry, as close defines it."""
    beyond = np.maximum(np.abs(left - right) - atol, 0.0)
    scale = np.maximum(np.abs(left), np.abs(right))
    result: npt.NDArray[np.float64] = np.divide(beyond, scale, out=np.zeros_like(beyond), where=scale > 0)
    return result


def _array(text: str, value: Any) -> npt.NDArray[Any]:
    """Return `value` as an array of numbers, in its own memory where it has some."""
    if _is_tensor(value):
        value = value.detach().cpu().resolve_conj().resolve_neg()
        if str(value.dtype) == "torch.bfloat16":
            value = value.float()  # NumPy has no such type
        value = value.numpy()
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError(f"{text!r}: a side is not an array: its rows differ in length") from None
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{text!r}: a side is {_described(value)}; compare numbers")
    return array


def _numbers(array: npt.NDArray[Any]) -> npt.NDArray[np.inexact[Any]]:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64, copy=False)


def _refuse_same(text: str, a: object, b: object) -> None:
    """Refuse a comparison of a thing with itself; equal small integers may be one object and still be honest."""
    same = a is b and not isinstance(a, int)
    if not same and isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.ndim > 0:
        same = (
            a.shape == b.shape
            and a.strides == b.strides
            and a.__array_interface__["data"] == b.__array_interface__["data"]
        )
    if same:
        raise VerificationError(f"{text!r}: both sides are the same object, so this cannot fail")


def _check_text(text: object) -> None:
    if not isinstance(text, str) or not text.strip():
        raise TypeError("the first argument of a check is the sentence that says what is checked")


def _place(flat: int | np.intp, shape: tuple[int, ...]) -> str:
    return f" at {tuple(int(i) for i in np.unravel_index(flat, shape))}" if shape else ""


def _described(value: object) -> str:
    shape = getattr(value, "shape", None)
    return f"of the type {type(value).__name__}" + (f" and shape {tuple(shape)}" if shape else "")
