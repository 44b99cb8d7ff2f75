# The version and the notes come as one word each, whatever is in them.
printf '%s: %s\n' "$1" "$2" >> releases.txt
cat releases.txt
