/* kuaichu fsck: whether everything of a data folder is what the service put there.
 *
 * Exit code 0: nothing is damaged; 1: something is, each on a line; 2: it could not be checked. */
#pragma once

/* `held` (may be NULL): names of files with checkpoints that somebody kept. */
int kc_cli_fsck(const char *data_dir, const char *const *held, int as_json);
