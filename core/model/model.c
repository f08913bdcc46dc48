/* SPDX-License-Identifier: MIT
 * The table of core models. Only orders have settings: the rest is plain data. */
#include "model/model.h"

#include <string.h>

static const char *const zero_values[] = {"text", "drop"};
static const char *const change_values[] = {"park", "update", "difference"};
static const char *const cancel_values[] = {"alert", "credit"};

/* cat_setting's lists are not const inside because parsed ones are built; these are never written. */
#define CHOICE(list) .type = SETTING_CHOICE, .values = (const char **)(list), .value_count = sizeof (list) / sizeof (list)[0]

static const struct cat_setting order_settings[] = {
    {.name = "currency", .title = "Currency", .type = SETTING_TEXT, .fallback = "EUR",
     .help = "orders in another currency park"},
    {.name = "rounding_limit", .title = "Rounding limit", .type = SETTING_TEXT, .fallback = "0.05",
     .help = "largest difference between lines and totals that is booked as rounding"},
    {.name = "zero_lines", .title = "Lines of zero", CHOICE(zero_values), .fallback = "text",
     .help = "text keeps a line of zero as a text line, drop leaves it out"},
    {.name = "on_change", .title = "Changed after delivery", CHOICE(change_values),
     .fallback = "park", .help = "what happens when a delivered order changes"},
    {.name = "on_cancel", .title = "Cancelled after delivery", CHOICE(cancel_values),
     .fallback = "alert", .help = "what happens when a delivered order is cancelled"},
    {.name = "rounding_account", .title = "Rounding account", .type = SETTING_TEXT, .fallback = "",
     .help = "ledger account that takes rounding differences"},
};

static const struct model models[] = {
    {"order", order_settings, sizeof order_settings / sizeof order_settings[0]},
    {"customer", NULL, 0}, {"article", NULL, 0}, {"product", NULL, 0},
    {"stock", NULL, 0},    {"record", NULL, 0},
};

const struct model *model_find(const char *name)
{
    for (size_t i = 0; name && i < sizeof models / sizeof models[0]; i++) {
        if (strcmp(models[i].name, name) == 0)
            return &models[i];
    }
    return NULL;
}
