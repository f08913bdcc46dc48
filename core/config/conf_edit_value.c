/* SPDX-License-Identifier: MIT
 * A value as a person types it. */
#include "config/conf_edit_value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "config/conf_edit_change.h"

char *conf_edit_value_quoted(const char *given)
{
    static const char from[] = "\n\r\t\f\\\"", to[] = "nrtf\\\"";
    struct buf out;
    buf_init(&out, CONF_EDIT_CHANGE_BYTES);
    buf_add_char(&out, '"');
    for (const unsigned char *p = (const unsigned char *)given; *p; p++) {
        const char *known = strchr(from, *p);
        if (known)
            buf_printf(&out, "\\%c", to[known - from]);
        else if (*p < ' ' || *p == 0x7f)
            buf_printf(&out, "\\x%02x", *p);
        else
            buf_add_char(&out, (char)*p);
    }
    buf_add_char(&out, '"');
    return buf_take(&out);
}

bool conf_edit_value_plain(const char *given)
{
    struct conf_edit_scan scan;
    if (conf_edit_scan(&scan, given, NULL) != 0)
        return false;
    bool plain = scan.count == 2 && (scan.tokens[0].kind == SCAN_NUMBER ||
                                     strcasecmp(given, "true") == 0 ||
                                     strcasecmp(given, "false") == 0);
    conf_edit_scan_done(&scan);
    return plain;
}

char *conf_edit_value(const char *given, const struct conf_edit_node *old, bool swapped)
{
    bool text = old && old->type == EDIT_SCALAR && old->value.file->text[old->value.at] == '"';
    if ((*given && strchr("\"{[(", *given)) || (text == swapped && conf_edit_value_plain(given)))
        return strdup(given);
    return conf_edit_value_quoted(given);
}
