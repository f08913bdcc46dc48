/* SPDX-License-Identifier: MIT
 * The second factor, as somebody who is logged in sets it for themselves. */
#ifndef KOPPEL_SERVICE_ME_TOTP_H
#define KOPPEL_SERVICE_ME_TOTP_H

#include "service/service.h"

/* {}: {"secret","uri","picture" (totp_picture)}: counts once confirmed. One that is on stays on
 * until then, and is told first ("totp.on"). */
int me_totp_begin(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);
/* {"code"}: {"codes": for recovery, told once}. The other sessions end. "totp.wrong". */
int me_totp_confirm(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err);
/* {}: {}. The other sessions end. */
int me_totp_end(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);

#endif
