"""From records to the corpus: judged, laid in columns, merged, each row accounted for."""
