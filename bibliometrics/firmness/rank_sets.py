"""Which ranks an institution can have: confidence sets that are safe near ties.

Mogstad, Romano, Shaikh and Wilhelm (2024): the differences of all pairs are tested together, by the
largest studentised difference, and the set of a row runs from one more than the number of rivals
that are surely above it to the number of rivals less those surely below it. The distribution of the
largest difference is that of the resamples (the multinomial case: Bazylik, Mogstad, Romano, Shaikh
and Wilhelm 2024), so that papers shared by two rivals count. Hypotheses are one-sided (a is not
above b) and tested step-down (Romano & Wolf 2005): what is rejected leaves the family, and the rest
is tested again.

Being indistinguishable is not transitive, so there is a set for each row, and there are no bands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Pairs further apart than this many standard deviations are decided beforehand: for a hundred
# thousand pairs the chance that one of them is decided wrongly is below 0.0002.
_FAR = 6.0


@dataclass(frozen=True)
class RankSets:
    """Best and worst rank of each row shown; the marginal sets hold for one row, the others for all
    rows at once."""

    low: Whole
    high: Whole
    marginal_low: Whole
    marginal_high: Whole


def rank_sets(
    counts: Floats, draws: Floats, covariance: Floats, shown: Flags, level: float
) -> RankSets:
    """Rank sets of the rivals that are ``shown``.

    Parameters
    ----------
    counts : of each rival; the largest is rank 1.
    draws : resamples × rivals.
    covariance : rivals × rivals, of the counts.
    level : e.g. 0.95, of the sets together and of each marginal set.
    """
    rows = np.flatnonzero(shown)
    variance = np.diag(covariance)
    spread = variance[rows, None] + variance[None, :] - 2 * covariance[rows]
    # Two rivals on the same papers never differ: rounding may leave less than nothing.
    spread = np.where(spread > 1e-9 * (variance[rows, None] + variance[None, :]), spread, 0.0)
    with np.errstate(divide="ignore"):
        scale = np.where(spread > 0, 1 / np.sqrt(spread), 0.0)
    z = (counts[rows, None] - counts[None, :]) * scale
    centred = (draws - counts).T.astype(np.float32)
    tests = _Tests(centred, rows, scale.astype(np.float32), z)
    alone, largest = tests.marginal(level)
    together = tests.simultaneous(level, largest)
    return RankSets(*_bounds(*together, len(counts)), *_bounds(*alone, len(counts)))


def _bounds(above: Flags, below: Flags, rivals: int) -> tuple[Whole, Whole]:
    """From the rivals surely above and surely below each row to its best and worst rank."""
    low = 1 + above.sum(axis=1)
    high = rivals - below.sum(axis=1)
    return low.astype(np.int64), high.astype(np.int64)


@dataclass(frozen=True)
class _Tests:
    """``z`` (rows × rivals): positive where the row is above. ``centred`` (rivals × resamples)."""

    centred: npt.NDArray[np.float32]
    rows: Whole
    scale: npt.NDArray[np.float32]
    z: Floats

    def marginal(self, level: float) -> tuple[tuple[Flags, Flags], Floats]:
        """What is surely above and below each row alone; also the first step's largest statistic
        of all rows together in each resample, which the simultaneous sets begin with."""
        above, below = self._far()
        of_all = np.zeros(self.centred.shape[1])
        for place in range(len(self.rows)):
            largest = self._largest(place, above, below)
            np.maximum(of_all, largest, out=of_all)
            while self._reject(above[place], below[place], self.z[place], largest, level):
                largest = self._largest(place, above, below)
        return (above, below), of_all

    def simultaneous(self, level: float, largest: Floats) -> tuple[Flags, Flags]:
        """What is surely above and below each row, all rows at once."""
        above, below = self._far()
        while self._reject(above, below, self.z, largest, level):
            largest = np.zeros(self.centred.shape[1])
            for place in range(len(self.rows)):
                np.maximum(largest, self._largest(place, above, below), out=largest)
        return above, below

    def _far(self) -> tuple[Flags, Flags]:
        return self.z < -_FAR, self.z > _FAR

    def _reject(self, above: Flags, below: Flags, z: Floats, largest: Floats, level: float) -> bool:
        """Mark in place what the critical value rejects; whether that is more than before."""
        critical = float(np.quantile(largest, level, method="higher"))
        before = int(above.sum() + below.sum())
        above |= z < -critical
        below |= z > critical
        return int(above.sum() + below.sum()) > before

    def _largest(self, place: int, above: Flags, below: Flags) -> Floats:
        """In each resample the largest statistic of the hypotheses of one row not yet rejected.

        A row's difference from itself is 0 and always in: the largest is never negative.
        """
        near = np.abs(self.z[place]) <= _FAR
        down_of, up_of = near & ~above[place], near & ~below[place]
        both = down_of & up_of
        undecided = self._differences(place, both)
        up, down = undecided.max(axis=0), undecided.min(axis=0)
        up = np.maximum(up, self._differences(place, up_of & ~both).max(axis=0, initial=0))
        down = np.minimum(down, self._differences(place, down_of & ~both).min(axis=0, initial=0))
        largest: Floats = np.maximum(up, -down).astype(np.float64)
        return largest

    def _differences(self, place: int, rivals: Flags) -> npt.NDArray[np.float32]:
        row = self.centred[self.rows[place]]
        differences: npt.NDArray[np.float32] = row - self.centred[rivals]
        differences *= self.scale[place][rivals][:, None]
        return differences
