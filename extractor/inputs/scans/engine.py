"""Text in pictures, by two networks: one finds lines, the other recognises each. Nothing is downloaded.

The weights (PP-OCRv6, Apache-2.0) come in the wheel of ``rapidocr``; of the package only these are used. Its own
way through a page turns short figures upside down, scales pages down and knows nothing of cells.
"""

from __future__ import annotations

import glob
import importlib.util
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from extractor.inputs.limits import RefusedError

Image = np.ndarray[Any, np.dtype[Any]]
"""Rows, columns and three colours, of bytes."""
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""

_THREADS = 2
_HEIGHT = 48  # of lines that the network knows
_WIDEST = 3_200
_BATCH = 16
_INK = 0.3  # probability from which a pixel belongs to a line
_LINE = 0.5  # mean probability of a line
_WIDER = 1.6  # times the ratio of area and edge: by so much the network finds lines too small


@dataclass(frozen=True, slots=True)
class Seen:
    """What was recognised in a picture of a line.

    Attributes:
        text: As it is read; empty for nothing.
        score: The least probability of its signs.
        places: Of each sign of the text, as a share of the width of the picture.
    """

    text: str
    score: float
    places: tuple[float, ...] = ()


class Engine:
    """Both networks."""

    def __init__(self) -> None:
        import onnxruntime as ort

        found = importlib.util.find_spec("rapidocr")
        folder = os.path.join(os.path.dirname(found.origin or ""), "models") if found else ""
        options = ort.SessionOptions()
        options.intra_op_num_threads = min(_THREADS, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # it would keep what the largest page needed

        def load(part: str) -> Any:
            names = sorted(glob.glob(os.path.join(glob.escape(folder), f"*_{part}_*.onnx")))
            if not names:
                raise RefusedError("scan")
            return ort.InferenceSession(names[0], options, providers=["CPUExecutionProvider"])

        self._find, self._read = load("det"), load("rec")
        signs = self._read.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._signs = ["", *signs, " "]

    def lines(self, image: Image) -> list[Box]:
        """Lines of text in a page, from top to bottom."""
        high, wide = image.shape[:2]
        size = max(32, round(wide / 32) * 32), max(32, round(high / 32) * 32)
        scaled = cv2.resize(image, size).astype(np.float32) / 127.5 - 1
        (name,) = (one.name for one in self._find.get_inputs())
        heat = self._find.run(None, {name: scaled.transpose(2, 0, 1)[None]})[0][0, 0]
        mask = cv2.dilate((heat > _INK).astype(np.uint8), np.ones((2, 2), np.uint8))
        outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        across, down = wide / size[0], high / size[1]
        found = []
        for outline in outlines:
            x, y, w, h = cv2.boundingRect(outline)
            if min(w, h) < 3 or float(heat[y : y + h, x : x + w].mean()) < _LINE * 0.6:
                continue
            more = w * h * _WIDER / (2 * (w + h))
            found.append(
                (
                    max(0, round((x - more) * across)),
                    max(0, round((y - more) * down)),
                    min(wide, round((x + w + more) * across)),
                    min(high, round((y + h + more) * down)),
                )
            )
        return sorted(found, key=lambda box: (box[1], box[0]))

    def read(self, pictures: Sequence[Image], narrowest: int = 160) -> list[Seen]:
        """What each picture of one line says; one narrower than `narrowest` is widened with nothing."""
        scaled = []
        for picture in pictures:
            high, wide = picture.shape[:2]
            width = min(max(1, round(_HEIGHT * wide / max(high, 1))), _WIDEST)
            scaled.append(cv2.resize(picture, (width, _HEIGHT)))
        order = sorted(range(len(scaled)), key=lambda number: scaled[number].shape[1])
        found: list[Seen] = [Seen("", 0.0)] * len(scaled)
        (name,) = (one.name for one in self._read.get_inputs())
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            width = max(narrowest, *(scaled[number].shape[1] for number in batch))
            data = np.zeros((len(batch), 3, _HEIGHT, width), np.float32)
            for row, number in enumerate(batch):
                picture = scaled[number].astype(np.float32).transpose(2, 0, 1) / 127.5 - 1
                data[row, :, :, : picture.shape[2]] = picture
            for row, heat in enumerate(self._read.run(None, {name: data})[0]):
                shown = width / scaled[batch[row]].shape[1]
                found[batch[row]] = self._decoded(heat, shown)
        return found

    def _decoded(self, heat: Image, shown: float) -> Seen:
        best = heat.argmax(axis=1)
        text, places, score = [], [], 1.0
        last = 0
        for at, number in enumerate(best):
            if number and number != last:
                text.append(self._signs[number])
                places.append(min((at + 0.5) / len(best) * shown, 1.0))
                score = min(score, float(heat[at, number]))
            last = number
        return Seen("".join(text), score if text else 0.0, tuple(places))


@cache
def engine() -> Engine:
    """The networks, loaded once."""
    return Engine()
