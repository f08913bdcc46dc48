/* SPDX-License-Identifier: MIT
 * Deadlines of connections. The HTTP library knows how long one is idle, so who sends a byte now
 * and then would hold one for ever; here each step has an end, and it comes sooner where there are
 * so many that others would not get in. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_SWEEP_H
#define KOPPEL_DASHBOARD_DASHBOARD_SWEEP_H

#include "base/err.h"

struct dashboard_sweep;
struct dashboard_sweep_one;

/* What a connection is at, and how long it may be: */
enum dashboard_sweep_step {
    DASHBOARD_SWEEP_OPENED, /* nothing came yet: 10 s */
    DASHBOARD_SWEEP_HEAD,   /* the rest of the head: 10 s */
    DASHBOARD_SWEEP_BODY,   /* 30 s */
    DASHBOARD_SWEEP_WORK,   /* it is answered: as long as that takes; a stream for ever */
    DASHBOARD_SWEEP_ANSWER, /* the answer is read: 120 s */
    DASHBOARD_SWEEP_IDLE,   /* until the next request begins: 70 s */
};

/* A thread that ends those that are late. many: connections, from which on each new one ends the
 * one that has waited longest for its peer. NULL and err. */
struct dashboard_sweep *dashboard_sweep_open(int many, struct koppel_error *err);
void dashboard_sweep_close(struct dashboard_sweep *s); /* behind the last connection; takes NULL */

/* A connection of that socket. NULL: no memory. */
struct dashboard_sweep_one *dashboard_sweep_add(struct dashboard_sweep *s, int fd);
/* It is at this step from now on. Takes NULL. */
void dashboard_sweep_at(struct dashboard_sweep_one *one, enum dashboard_sweep_step step);
/* Before its socket is closed. Takes NULL. */
void dashboard_sweep_drop(struct dashboard_sweep_one *one);

#endif
