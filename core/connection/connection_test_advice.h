/* SPDX-License-Identifier: MIT
 * What to do where a step of a test failed. */
#ifndef KOPPEL_CONNECTION_CONNECTION_TEST_ADVICE_H
#define KOPPEL_CONNECTION_CONNECTION_TEST_ADVICE_H

#include "base/err.h"

#define CONNECTION_TEST_ADVICE_BYTES 200

/* One sentence, which may stand in out. login: the connection's name where somebody logs in by a
 * browser, else NULL. NULL: the error's own words are all. */
const char *connection_test_advice(const struct koppel_error *err, const char *login,
                                   char out[CONNECTION_TEST_ADVICE_BYTES]);

#endif
