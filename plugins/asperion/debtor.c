/* SPDX-License-Identifier: MIT
 * Debtors; see debtor.h. */
#include "debtor.h"

#include <ctype.h>
#include <stdlib.h>

#include "records.h"

#define IBAN_LEAST 15
#define IBAN_MOST 34

static const char *const lines[] = {"address", "addressLine2", "addressLine3"};

bool debtor_own_field(const char *name)
{
    return strcmp(name, "kind") == 0 || strcmp(name, "street") == 0;
}

/* ---- The address ---- */

static const char *trimmed(const char *text, size_t *bytes)
{
    text += strspn(text, " \t\r\n");
    *bytes = strlen(text);
    while (*bytes > 0 && strchr(" \t\r\n", text[*bytes - 1]))
        (*bytes)--;
    return text;
}

/* The lines with a blank between them; new, "" where there is none. NULL: out of memory. */
static char *joined(const json_t *record, const char *const names[3])
{
    const char *line[3];
    size_t bytes[3], all = 0;
    for (int i = 0; i < 3; i++) {
        line[i] = trimmed(koppel_get_text(record, names[i], ""), &bytes[i]);
        all += bytes[i] + 1;
    }
    char *text = malloc(all + 1), *to = text;
    for (int i = 0; text && i < 3; i++) {
        if (bytes[i] > 0 && to > text)
            *to++ = ' ';
        memcpy(to, line[i], bytes[i]);
        to += bytes[i];
    }
    if (text)
        *to = '\0';
    return text;
}

void debtor_keep_address(json_t *fields, const json_t *now, json_t *change)
{
    const char *wires[3];
    for (int i = 0; i < 3; i++)
        wires[i] = records_wire(fields, lines[i]);
    if (!json_object_get(change, wires[0]))
        return;
    char *is = joined(now, wires), *wanted = joined(change, wires);
    for (int i = 0; is && wanted && i < 3 && strcmp(is, wanted) == 0; i++)
        json_object_del(change, wires[i]);
    free(is);
    free(wanted);
}

/* ---- The kind ---- */

static const char *kind_of(struct asperion *a, const char *id)
{
    const char *company = a->host->setting(a->ctx, "debtor_kind_company");
    const char *person = a->host->setting(a->ctx, "debtor_kind_person");
    if (!*id)
        return NULL;
    if (company && strcmp(id, company) == 0)
        return "company";
    return person && strcmp(id, person) == 0 ? "person" : NULL;
}

void debtor_shape(struct asperion *a, json_t *record)
{
    const char *kind = kind_of(a, koppel_get_text(record, "debtorKindId", ""));
    char *street = joined(record, lines);
    if (kind)
        json_object_set_new(record, "kind", json_string(kind));
    if (street && *street)
        json_object_set_new(record, "street", json_string(street));
    free(street);
}

static int put_kind(struct asperion *a, json_t *record, const char *kind, struct koppel_error *err)
{
    char setting[40];
    if (strcmp(kind, "person") != 0 && strcmp(kind, "company") != 0)
        return a->host->fail(err, KOPPEL_E_REJECTED,
                             "field kind must be \"person\" or \"company\"");
    snprintf(setting, sizeof setting, "debtor_kind_%s", kind);
    const char *id = a->host->setting(a->ctx, setting);
    if (!id || !*id)
        return a->host->fail(err, KOPPEL_E_CONFIG, "set %s of this connection to one of the list "
                             "debtor-kinds", setting);
    return json_object_set_new(record, "debtorKindId", json_string(id)) == 0
               ? 0 : api_no_memory(a, err);
}

/* ---- The account ---- */

/* ISO 13616: with its first four characters behind the rest, and letters as numbers from 10, it
 * leaves 1 when divided by 97. Blanks do not count. */
static bool iban_holds(const char *text)
{
    char plain[IBAN_MOST + 1];
    size_t n = 0;
    for (; *text; text++) {
        if (*text == ' ')
            continue;
        if (n == IBAN_MOST || !isalnum((unsigned char)*text))
            return false;
        plain[n++] = (char)toupper((unsigned char)*text);
    }
    if (n < IBAN_LEAST)
        return false;
    unsigned rest = 0;
    for (size_t i = 0; i < n; i++) {
        char c = plain[(i + 4) % n];
        rest = isdigit((unsigned char)c) ? rest * 10 + (unsigned)(c - '0')
                                         : rest * 100 + (unsigned)(c - 'A') + 10;
        rest %= 97;
    }
    return rest == 1;
}

static int check_iban(struct asperion *a, json_t *record, bool *left_out, struct koppel_error *err)
{
    const char *iban = koppel_get_text(record, "iban", "");
    const char *how = a->host->setting(a->ctx, "wrong_iban");
    *left_out = false;
    if (!*iban || iban_holds(iban) || (how && strcmp(how, "send") == 0))
        return 0;
    if (how && strcmp(how, "leave-out") == 0) {
        *left_out = true;
        json_object_del(record, "iban");
        return 0;
    }
    a->host->fail(err, KOPPEL_E_REJECTED,
                  "field iban: the check digits of this account number are wrong: correct it at "
                  "the source, or set wrong_iban of this connection to \"leave-out\"");
    return a->host->reason(err, "debtor.iban");
}

json_t *debtor_unshape(struct asperion *a, const json_t *record, bool *left_out,
                       struct koppel_error *err)
{
    json_t *out = json_copy((json_t *)record);
    if (!out)
        return api_no_memory(a, err), NULL;
    json_t *street = json_object_get(out, "street");
    const char *kind = koppel_get_text(out, "kind", "");
    int rc = *kind ? put_kind(a, out, kind, err) : 0;
    if (street && rc == 0) {
        json_object_set(out, lines[0], street);
        json_object_set_new(out, lines[1], json_string(""));
        json_object_set_new(out, lines[2], json_string(""));
    }
    json_object_del(out, "street");
    json_object_del(out, "kind");
    if (rc == 0)
        rc = check_iban(a, out, left_out, err);
    if (rc == 0)
        return out;
    json_decref(out);
    return NULL;
}
