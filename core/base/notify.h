/* SPDX-License-Identifier: MIT
 * What a service manager is told (sd_notify(3)), without its library. */
#ifndef KOPPEL_BASE_NOTIFY_H
#define KOPPEL_BASE_NOTIFY_H

#include <stdint.h>

/* Sends lines such as "READY=1\nSTATUS=...". 0, also where nobody asked ($NOTIFY_SOCKET is not
 * set); -1 and errno where it did not arrive. */
int notify_send(const char *lines);
/* How often the manager wants to hear "WATCHDOG=1" of this process ($WATCHDOG_USEC), in
 * milliseconds; 0: not at all. */
int64_t notify_watchdog_ms(void);

#endif
