/* SPDX-License-Identifier: MIT
 * Reads the query of the address at which a log-in ended. */
#include "oauth/oauth2_answer.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* bytes of a query, decoded. %00 stays as it is. NULL: no memory. */
static char *decoded(const char *text, size_t bytes)
{
    char *value = malloc(bytes + 1);
    size_t n = 0;
    for (size_t i = 0; value && i < bytes; i++) {
        int high = i + 2 < bytes && text[i] == '%' ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low >= 0 && (high | low) != 0) {
            value[n++] = (char)(high << 4 | low);
            i += 2;
        } else {
            value[n++] = text[i] == '+' ? ' ' : text[i];
        }
    }
    if (value)
        value[n] = '\0';
    return value;
}

/* The query of what was pasted, and its bytes. */
static const char *query_of(const char *text, size_t *bytes)
{
    static const char around[] = " \t\r\n\"'<>";
    text += strspn(text, around);
    const char *query = strchr(text, '?');
    query = query ? query + 1 : text;
    *bytes = strcspn(query, "# \t\r\n\"'<>");
    return query;
}

int oauth2_answer_read(const char *text, struct oauth2_answer *out, struct koppel_error *err)
{
    size_t left;
    const char *at = query_of(text, &left);
    *out = (struct oauth2_answer){0};
    struct {
        const char *name;
        char **value;
    } wanted[] = {{"state", &out->state},
                  {"code", &out->code},
                  {"error", &out->error},
                  {"error_description", &out->about}};
    while (left > 0) {
        const char *end = memchr(at, '&', left);
        size_t bytes = end ? (size_t)(end - at) : left;
        const char *is = memchr(at, '=', bytes);
        size_t name = is ? (size_t)(is - at) : bytes;
        out->asks = out->asks || (name == 13 && strncmp(at, "response_type", name) == 0);
        for (size_t i = 0; is && i < sizeof wanted / sizeof *wanted; i++) {
            if (*wanted[i].value || strlen(wanted[i].name) != name ||
                strncmp(at, wanted[i].name, name) != 0)
                continue;
            *wanted[i].value = decoded(is + 1, bytes - name - 1);
            if (*wanted[i].value)
                continue;
            oauth2_answer_done(out);
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        }
        left -= end ? bytes + 1 : bytes;
        at += bytes + 1;
    }
    return 0;
}

void oauth2_answer_done(struct oauth2_answer *a)
{
    if (a->code)
        explicit_bzero(a->code, strlen(a->code));
    free(a->state);
    free(a->code);
    free(a->error);
    free(a->about);
    *a = (struct oauth2_answer){0};
}

int oauth2_answer_check(const struct oauth2_answer *a, struct koppel_error *err)
{
    if (a->asks)
        return err_reason(err, KOPPEL_E_REJECTED, OAUTH2_ANSWER_ADDRESS,
                          "this is the address that the login begins with; wanted is the one that "
                          "the browser shows in the end");
    if (!a->state || (!a->error && !(a->code && a->code[0])))
        return err_reason(err, KOPPEL_E_REJECTED, OAUTH2_ANSWER_ADDRESS,
                          "this is not the address at which a login ends: it has %s",
                          !a->state ? "no state" : "neither code nor error");
    return 0;
}

bool oauth2_answer_is_of(const struct oauth2_answer *a, const char *state)
{
    return a->state && strlen(a->state) == strlen(state) &&
           sodium_memcmp(a->state, state, strlen(state)) == 0;
}
