/** Addresses from first to last, both included. An IPv4 address is a number here, so that it can be compared and counted. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

export interface Subnet extends AddressRange {
  /** 24 of /24 */
  readonly prefix: number;
  /** As it is written properly: `192.168.123.0/24`. */
  readonly text: string;
}

/** undefined where it is none, `10.0.0.256` or `10.0.0.01`. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  const isAddress = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isAddress ? parts.reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;
}

export function formatAddress(address: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(address / unit) % 256).join('.');
}

/** `192.168.123.7/24` gives the subnet that this address is in. Throws where it is no subnet: the schema lets none pass. */
export function parseSubnet(text: string): Subnet {
  const [base, length, ...rest] = text.split('/');
  const address = parseAddress(base ?? '');
  const prefix = /^\d{1,2}$/.test(length ?? '') ? Number(length) : NaN;
  if (address === undefined || !(prefix <= 32) || rest.length > 0) throw new Error(`not an IPv4 subnet: ${text}`);
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return { first, last: first + size - 1, prefix, text: `${formatAddress(first)}/${prefix}` };
}

/** `192.168.123.220-192.168.123.250`; undefined where it is none. The first may be after the last. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [first, last, ...rest] = text.split('-').map(parseAddress);
  return first === undefined || last === undefined || rest.length > 0 ? undefined : { first, last };
}

export function contains(range: AddressRange, address: number): boolean {
  return range.first <= address && address <= range.last;
}

export function isWithin(inner: AddressRange, outer: AddressRange): boolean {
  return contains(outer, inner.first) && contains(outer, inner.last);
}

export function overlap(one: AddressRange, other: AddressRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** What machines and services may have of a subnet: not its own address, not the first (the gateway's), not the broadcast address. */
export function usable(subnet: AddressRange): AddressRange {
  return { first: subnet.first + 2, last: subnet.last - 1 };
}
