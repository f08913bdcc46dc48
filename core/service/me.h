/* SPDX-License-Identifier: MIT
 * What somebody who is logged in orders for themselves. Refused to others (SERVICE_DENIED). */
#ifndef KOPPEL_SERVICE_ME_H
#define KOPPEL_SERVICE_ME_H

#include "service/service.h"

/* {}: as users_sessions. */
int me_sessions(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"session"}: as users_session_end. */
int me_session_end(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err);
/* {"current","password"}: {}. The other sessions end. "password.wrong", "password.weak". */
int me_password(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"language": "en", "de", "nl" or "" (that of the browser)}: {"language"}. */
int me_change(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err);

#endif
