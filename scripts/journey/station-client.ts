/** The hands of a rehearsal: lays cards, pulls paper, reads what the simulators have seen. */
export interface StationClient {
  act(device: string, action: string, input?: unknown): Promise<void>;
  state(): Promise<StationState>;
}

export interface StationState {
  readonly devices: readonly { readonly id: string; readonly class: string; readonly state: Record<string, unknown> }[];
}

export function createStationClient(baseUrl: string): StationClient {
  return {
    async act(device, action, input = {}) {
      const response = await fetch(`${baseUrl}/api/${device}/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      if (!response.ok) throw new Error(`station refused ${device}/${action}: ${await response.text()}`);
    },
    async state() {
      const response = await fetch(`${baseUrl}/api/state`);
      return (await response.json()) as StationState;
    },
  };
}
