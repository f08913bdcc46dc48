/* SPDX-License-Identifier: MIT
 * Fills the one error type. */
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/mask.h"

/* Copies what fits, cut between characters, and always valid UTF-8 in one line. */
static void put_line(char *out, size_t room, const char *text)
{
    size_t n = cut_copy(out, room, text);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)out[i];
        if (c < 0x20 || c == 0x7F)
            out[i] = ' ';
    }
}

/* Formats and masks before anything is cut: half a secret would no longer be recognised. */
static __attribute__((format(printf, 3, 0))) void put_format(char *out, size_t room,
                                                             const char *format, va_list args)
{
    char *text;

    if (vasprintf(&text, format, args) < 0) {
        put_line(out, room, "out of memory while reporting an error");
        return;
    }
    mask_text(text);
    put_line(out, room, text);
    free(text);
}

int err_vset(struct koppel_error *err, int kind, const char *format, va_list args)
{
    char text[ERR_TEXT_BYTES];

    if (!err)
        return -1;
    /* By way of a copy: the arguments may point into err->text itself. */
    put_format(text, sizeof text, format, args);
    err->kind = kind;
    err->retry_after_ms = 0;
    err->reason[0] = err->facts[0] = '\0';
    memcpy(err->text, text, strlen(text) + 1);
    return -1;
}

int err_set(struct koppel_error *err, int kind, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    err_vset(err, kind, format, args);
    va_end(args);
    return -1;
}

int err_reason(struct koppel_error *err, int kind, const char *reason, const char *format, ...)
{
    va_list args;
    char code[sizeof err->reason];

    put_line(code, sizeof code, reason ? reason : "");
    va_start(args, format);
    err_vset(err, kind, format, args);
    va_end(args);
    if (err)
        memcpy(err->reason, code, sizeof code);
    return -1;
}

int err_prefix(struct koppel_error *err, const char *format, ...)
{
    va_list args;
    char prefix[ERR_TEXT_BYTES], text[2 * ERR_TEXT_BYTES + 2];

    if (!err)
        return -1;
    va_start(args, format);
    put_format(prefix, sizeof prefix, format, args);
    va_end(args);
    snprintf(text, sizeof text, "%s: %s", prefix, err->text);
    put_line(err->text, sizeof err->text, text);
    return -1;
}

const char *err_kind_name(int kind)
{
    static const char *const names[] = {
        [0] = "NONE",
        [KOPPEL_E_CONFIG] = "CONFIG",
        [KOPPEL_E_AUTH] = "AUTH",
        [KOPPEL_E_RETRY] = "RETRY",
        [KOPPEL_E_UNSURE] = "UNSURE",
        [KOPPEL_E_REJECTED] = "REJECTED",
        [KOPPEL_E_EXISTS] = "EXISTS",
        [KOPPEL_E_CANCELLED] = "CANCELLED",
        [KOPPEL_E_BUG] = "BUG",
    };

    if (kind < 0 || (size_t)kind >= sizeof names / sizeof names[0])
        return "UNKNOWN";
    return names[kind];
}
