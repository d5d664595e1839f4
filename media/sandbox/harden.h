/* At the very beginning: a worker has its socket to the daemon, and gets everything else through it. What it gives up
 * later, as soon as everything is loaded, is in sandbox.h. */
#pragma once

/* Closes every descriptor but 0, 1, 2 and `keep_fd`, forbids new privileges and core dumps (there are keys in memory),
 * and raises the limit of open descriptors to what is allowed. */
void kc_harden(int keep_fd);
