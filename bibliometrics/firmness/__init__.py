"""How firm a number is: resampling, rank sets, other options, wrong attributions."""
