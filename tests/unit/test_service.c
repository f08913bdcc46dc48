/* SPDX-License-Identifier: MIT
 * core/service/service.c: who may order what, whatever way the order came. */
#include "service/service.h"

#include <string.h>

#include "unit.h"

static int runs;

static int run(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    (void)s;
    (void)ask;
    (void)err;
    runs++;
    *out = json_object();
    return 0;
}

/* Every role with every row. */
START_TEST(a_role_does_what_it_may)
{
    struct service s = {0};
    for (int has = SERVICE_VIEWER; has <= SERVICE_ADMIN; has++) {
        for (int needs = SERVICE_VIEWER; needs <= SERVICE_ADMIN; needs++) {
            const struct service_row row = {.name = "thing.do", .role = (enum service_role)needs,
                                            .run = run};
            const struct service_who who = {.name = "bas", .via = "cli",
                                            .role = (enum service_role)has};
            json_t *in = json_object(), *out = NULL;
            struct service_ask ask = {.who = &who, .in = in};
            struct koppel_error err = {0};
            runs = 0;
            int rc = service_call(&row, &s, &ask, &out, &err);
            ck_assert_int_eq(runs, has >= needs);
            ck_assert_int_eq(rc, has >= needs ? 0 : -1);
            if (has < needs) {
                ck_assert_str_eq(err.reason, SERVICE_DENIED);
                ck_assert_str_eq(err.text, "bas may not do this: thing.do");
            }
            json_decref(out);
            json_decref(in);
        }
    }
}
END_TEST

UNIT_MAIN("service")
{
    tcase_add_test(t, a_role_does_what_it_may);
}
