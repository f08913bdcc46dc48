# SPDX-License-Identifier: MIT
# What a service manager needs. Units are made of their own lines and of what all have in common.
UNITS = conf/systemd/koppel.service conf/systemd/koppel@.service conf/systemd/koppel-failed.service \
  conf/systemd/koppel-failed@.service
UNIT_PARTS = conf/systemd/run.part conf/systemd/confined.part
systemdsystemunit_DATA = $(UNITS)
ALL_LOCAL += conf/systemd/koppel.tmpfiles
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
UNIT_SED = sed -e '/^@run@$$/{r $(srcdir)/conf/systemd/run.part' -e 'd;}' \
  -e '/^@confined@$$/{r $(srcdir)/conf/systemd/confined.part' -e 'd;}' -e 's|@bindir[@]|$(bindir)|g' \
  -e 's|@sysconfdir[@]|$(sysconfdir)|g' -e 's|@localstatedir[@]|$(localstatedir)|g'
$(UNITS) conf/systemd/koppel.tmpfiles: $(UNIT_PARTS)
	$(AM_V_GEN)$(MKDIR_P) conf/systemd && $(UNIT_SED) $(srcdir)/$@.in > $@
conf/systemd/koppel.service: conf/systemd/koppel.service.in
conf/systemd/koppel@.service: conf/systemd/koppel@.service.in
conf/systemd/koppel-failed.service: conf/systemd/koppel-failed.service.in
conf/systemd/koppel-failed@.service: conf/systemd/koppel-failed@.service.in
conf/systemd/koppel.tmpfiles: conf/systemd/koppel.tmpfiles.in
CLEANFILES += $(UNITS) conf/systemd/koppel.tmpfiles
EXTRA_DIST += $(UNITS:=.in) $(UNIT_PARTS) conf/systemd/koppel.sysusers conf/systemd/koppel.tmpfiles.in

install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(sysusersdir)' '$(DESTDIR)$(tmpfilesdir)'
	$(INSTALL_DATA) $(srcdir)/conf/systemd/koppel.sysusers '$(DESTDIR)$(sysusersdir)/koppel.conf'
	$(INSTALL_DATA) conf/systemd/koppel.tmpfiles '$(DESTDIR)$(tmpfilesdir)/koppel.conf'
uninstall-local:
	rm -f '$(DESTDIR)$(sysusersdir)/koppel.conf' '$(DESTDIR)$(tmpfilesdir)/koppel.conf'
