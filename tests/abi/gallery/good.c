/* SPDX-License-Identifier: MIT
 * Nothing is wrong with it. */
#include "gallery.h"

GALLERY();
