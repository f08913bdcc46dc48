/* SPDX-License-Identifier: MIT
 * The size of its functions was written by hand. */
#include "gallery.h"

GALLERY(.struct_size = sizeof(struct koppel_connector) - 3);
