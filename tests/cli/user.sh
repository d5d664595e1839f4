#!/bin/bash
# kuaichu user: an account is made, graded and listed; what is wrong is said.
set -euo pipefail
kuaichu=$1
. "$(dirname "$0")/expect.sh"

expect 0 'account is made' user add --username li --role officer --name 李
expect 0 '^li  *officer  *-  *李$' user list
expect 2 'needs --username and --grade' user grade --username li
expect 1 'grade' user grade --username li --grade chief
expect 1 'no such account' user grade --username nobody --grade junior
expect 0 'grade is set' user grade --username li --grade junior
expect 0 '^li  *officer  *junior  *李$' user list
expect 0 'grade is set' user grade --username li --grade none
expect 0 '^li  *officer  *-  *李$' user list
expect 2 'needs --username' user disable
expect 1 'no such account' user disable --username nobody
expect 0 'account is disabled' user disable --username li
expect 0 '^li  *officer  *-  *李 (disabled)$' user list
expect 0 'account is enabled' user enable --username li
expect 0 '^li  *officer  *-  *李$' user list
expect 0 'account is made' user add --username zhao --role admin --name 赵
expect 1 'only account that may manage' user disable --username zhao
echo "$passed passed, 0 failed"
