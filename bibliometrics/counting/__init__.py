"""From attribution to counts: what a paper gives an institution, sums, windows, order, ties."""
