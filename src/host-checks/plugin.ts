import { LabError } from '../engine/errors.ts';
import type { HostCheck } from './host-check.ts';

export const plugin: HostCheck = {
  id: 'HOST_PLUGIN_BROKEN',
  link: 'https://github.com/vagrant-libvirt/vagrant-libvirt/issues/1749',
  async find(lab) {
    const { code, stdout, stderr } = await lab.host.look(['vagrant', 'plugin', 'list', '--machine-readable']);
    // Without vagrant itself there is nothing to say of its plug-ins: HOST_VAGRANT_MISSING speaks.
    if (code === 127) return undefined;
    if (code !== 0)
      return new LabError(
        `vagrant cannot list its plug-ins: ${lastLine(stderr || stdout)}`,
        'vagrant plugin repair; if that does not help: vagrant plugin expunge --reinstall',
      );
    if (/plugin-name,vagrant-libvirt\b|^[^\n]*\bvagrant-libvirt\b/m.test(stdout)) return undefined;
    return new LabError(
      "vagrant's libvirt plug-in is not installed",
      'sudo apt install vagrant-libvirt, or vagrant plugin install vagrant-libvirt --plugin-version 0.12.2',
    );
  },
};

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
