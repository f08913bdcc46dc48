/* SPDX-License-Identifier: MIT
 * A request of the API: its method and target on the first line, its body below. Whatever comes, a
 * route is found or a problem told, and what is asked are members that the row can have. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/dashboard_mask.h"
#include "dashboard/dashboard_problem.h"
#include "dashboard/dashboard_route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void ask(struct dashboard_request *r)
{
    struct koppel_error err = {0};
    dashboard_route_find(r);
    must((r->route != NULL) == (r->answer.status == 0));
    json_t *in = r->route ? dashboard_route_in(r) : NULL;
    must(in ? json_is_object(in) && r->answer.status == 0 : r->answer.status >= 400);
    must(r->answer.status == 0 || r->answer.body != NULL);
    if (in && service_check(&r->route->row, in, &err) != 0)
        must(strcmp(err.reason, SERVICE_WRONG) == 0 && err.text[0]);
    if (in)
        dashboard_mask(in);
    json_decref(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    struct dashboard_request r = {.content_type = "application/json", .if_match = ""};
    char *text = malloc(bytes + 1);
    must(text != NULL && dashboard_route_start() == 0);
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    char *end = memchr(text, '\n', bytes);
    if (end)
        *end++ = '\0';
    r.method = methods[(unsigned char)text[0] % 5];
    buf_init(&r.body, DASHBOARD_REQUEST_BODY_BYTES);
    if (end)
        (void)buf_add(&r.body, end, bytes - (size_t)(end - text));
    if (bytes > 0 && dashboard_path_parse(text + 1, &r.path) == 0 && r.path.count > 2)
        ask(&r);
    dashboard_path_done(&r.path);
    dashboard_request_answer_done(&r.answer);
    buf_done(&r.body);
    free(text);
    return 0;
}
