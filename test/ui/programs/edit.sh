# An editor for tests: what it saw goes to $SEEN, and what it does is $HOW.
file=$1
{
  stty -a
  stat -c '%a' "$file" "$(dirname "$file")"
  cat "$file"
} > "$SEEN.part"
mv "$SEEN.part" "$SEEN"
case $HOW in
  fail) exit 3 ;;
  die) stty raw -echo; kill -9 $$ ;;
  wait) while [ ! -e "$SEEN.done" ]; do sleep 0.05; done ;;
esac
printf '%s' "$WRITES" > "$file"
