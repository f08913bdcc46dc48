/* SPDX-License-Identifier: MIT
 * Lines of mistakes in JSON files of a configuration: catalogues know paths, people look for lines.
 */
#ifndef KOPPEL_CONFIG_CONF_JSON_LINE_H
#define KOPPEL_CONFIG_CONF_JSON_LINE_H

#include "config/conf_loader.h"

/* The line of a mistake of a catalogue ("entities.order.fields.total: "type" must be ...") in its
 * text: that of the word in quotes, behind the names of the path. What of the path the text does
 * not name is passed over. */
int conf_json_line(struct conf_loader *l, const char *text, const char *message);

#endif
