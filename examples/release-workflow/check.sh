# Stands for the tests of a project.
test -f check.sh && echo 'All is well.'
