"""Files of data.police.uk that have been merged or saved again: read by their header, whatever they are called."""
