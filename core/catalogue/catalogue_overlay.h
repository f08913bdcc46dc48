/* SPDX-License-Identifier: MIT
 * Overlays: JSON that is merged into a catalogue. */
#ifndef KOPPEL_CATALOGUE_CATALOGUE_OVERLAY_H
#define KOPPEL_CATALOGUE_CATALOGUE_OVERLAY_H

#include "catalogue/catalogue.h"

/* base with the overlay (merged deeply: objects by member, entity and field lists by "name"). NULL
 * and err on any mistake. */
struct catalogue *catalogue_overlay(const struct catalogue *base, const char *overlay_text,
                                    struct koppel_error *err);

#endif
