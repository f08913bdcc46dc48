/* SPDX-License-Identifier: MIT
 * The settings of a connection, shown, and replaced where they still lead to the same account. */
#ifndef KOPPEL_SERVICE_CONNECTION_SETTINGS_H
#define KOPPEL_SERVICE_CONNECTION_SETTINGS_H

#include "service/service.h"

/* {"connection", "lang"?}: {"connection", "connector", "title", "file", "refused" (why the file
 * cannot be written; null), "settings": questions as setup_question.h has them, with "value"; of a
 * secret only whether it is set, "flows": [name]}. */
int connection_settings_show(struct service *s, const struct service_ask *ask, json_t **out,
                             struct koppel_error *err);
/* {"connection", "settings": {name: value; null: take it away}, "force"?, "why"?}: tried first, and
 * saved where the test does not fail and what the system says of itself is what it said before.
 * As save_files, with "test" (test_steps.h), "same" (null: it cannot be told), "before"
 * and "now" (facts). force: another account is meant. */
int connection_settings_replace(struct service *s, const struct service_ask *ask, json_t **out,
                                struct koppel_error *err);

#endif
