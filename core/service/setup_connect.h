/* SPDX-License-Identifier: MIT
 * The steps of a set-up that make a connection: address and credentials, log-in, test, and what is
 * chosen from the lists of the system itself. */
#ifndef KOPPEL_SERVICE_SETUP_CONNECT_H
#define KOPPEL_SERVICE_SETUP_CONNECT_H

#include "service/setup_step.h"

setup_step_build setup_connect_credentials, setup_connect_login, setup_connect_test,
    setup_connect_settings;
setup_step_answer setup_connect_credentials_answer, setup_connect_login_answer,
    setup_connect_test_answer, setup_connect_settings_answer;

/* A value typed for a secret setting, as it is kept in a draft: the text of a reference, or
 * {"sealed": NAME} with its sealed file put into secrets. A new reference; NULL: no memory. */
json_t *setup_connect_secret(const struct secret *key, json_t *secrets, const char *connection,
                             const char *setting, const char *value);

#endif
