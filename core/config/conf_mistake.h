/* SPDX-License-Identifier: MIT
 * Mistakes at a setting, told with its file and line. */
#ifndef KOPPEL_CONFIG_CONF_MISTAKE_H
#define KOPPEL_CONFIG_CONF_MISTAKE_H

#include <libconfig.h>
#include <stdbool.h>

#include "config/conf_loader.h"

/* Where the setting stands; the text is held. */
struct conf_at conf_mistake_at(struct conf_loader *l, const config_setting_t *s);
/* Its path in the configuration, as in struct conf_mistake; held. */
const char *conf_mistake_path(struct conf_loader *l, const config_setting_t *s);

void conf_mistake(struct conf_loader *l, const config_setting_t *s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with the nearest right word, which it appends: "; did you mean \"x\"?". nearest NULL:
 * there is none. */
void conf_mistake_near(struct conf_loader *l, const config_setting_t *s, const char *nearest,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));
void conf_mistake_note(struct conf_loader *l, const config_setting_t *s, bool warning,
                       const char *text);

/* "; did you mean \"x\"?" or "": held text. */
const char *conf_mistake_hint(struct conf_loader *l, const char *name, const char *const *names,
                              int count);

#endif
