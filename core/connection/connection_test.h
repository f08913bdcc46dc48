/* SPDX-License-Identifier: MIT
 * Tests a connection by steps: name, connection, TLS, login, what the connector tries, the rights
 * that the configured flows need, one read. The first step that fails is the last that is tried. */
#ifndef KOPPEL_CONNECTION_CONNECTION_TEST_H
#define KOPPEL_CONNECTION_CONNECTION_TEST_H

#include "connection/connection.h"
#include "connection/list.h"

enum connection_test_outcome {
    CONNECTION_TEST_OK,
    CONNECTION_TEST_WARNING, /* it works, and a person should see to it */
    CONNECTION_TEST_FAILED,
    CONNECTION_TEST_UNTRIED,
};

/* Borrowed. */
struct connection_test_step {
    const char *step; /* "name", "connect", "TLS", "log in", "rights", "read", or the connector's */
    const char *of;   /* the host, or the entity; "": neither */
    enum connection_test_outcome outcome;
    int64_t ms;          /* what it took; 0 where it was not tried */
    const char *setting; /* the one to look at; NULL: none */
    const char *text;    /* what was seen, in words; may be "" */
    const char *advice;  /* what to do; NULL: nothing */
};

/* Told of each step, in order. -1: nobody wants to know the rest. */
typedef int connection_test_told(void *arg, const struct connection_test_step *step);

/* conf: whose flows tell what rights are needed. facts: what the connector said of the peer besides
 * (rows without outcome), freed by list_done. 0: no step failed, *warned tells of warnings; -1 and
 * err: why one did. Nothing is written. */
int connection_test(struct connection *c, const struct conf *conf, connection_test_told *told,
                    void *arg, struct koppel_list *facts, bool *warned, struct koppel_error *err);

#endif
