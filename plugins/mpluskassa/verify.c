/* SPDX-License-Identifier: MIT
 * Compares the connector with the description that the service publishes of itself. */
#include "verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wsdl.h"

#define LIMIT (16u << 20)

struct listing {
    struct mplus *m;
    struct koppel_list *out;
    struct koppel_error *err;
};

static int add_row(void *context, const char *where, const char *what)
{
    struct listing *l = context;
    return l->m->host->row(l->out, where, what, l->err);
}

static int fetch(struct mplus *m, struct koppel_http_response *response, struct koppel_error *err)
{
    struct koppel_http_request request = {0};
    size_t room = strlen(m->url) + sizeof "?wsdl";
    char *url = malloc(room);
    int rc;
    if (!url)
        return call_no_memory(m, err);
    snprintf(url, room, "%s?wsdl", m->url);
    request.struct_size = (uint32_t)sizeof request;
    request.method = "GET";
    request.url = url;
    request.limit_bytes = LIMIT;
    request.what = "wsdl";
    response->struct_size = (uint32_t)sizeof *response;
    rc = m->host->http(m->ctx, &request, response, err);
    free(url);
    return rc;
}

int verify_entity(struct mplus *m, const char *entity, struct koppel_list *out,
                  struct koppel_error *err)
{
    struct koppel_http_response response = {.struct_size = sizeof response};
    struct listing listing = {m, out, err};
    char why[SOAP_WHY_BYTES] = "";
    json_t *wsdl = NULL;
    int rc = -1;
    if (fetch(m, &response, err) != 0)
        return -1;
    if (response.status == 200 && response.body)
        wsdl = wsdl_read(response.body, (size_t)response.body_bytes, why);
    else
        snprintf(why, sizeof why, "HTTP %u", (unsigned)response.status);
    if (!wsdl)
        m->host->fail(err, KOPPEL_E_RETRY, "cannot read the service's description at %s?wsdl: %s",
                      m->url, why);
    else
        rc = wsdl_compare(wsdl, entity, add_row, &listing);
    json_decref(wsdl);
    m->host->http_done(m->ctx, &response);
    return rc;
}
