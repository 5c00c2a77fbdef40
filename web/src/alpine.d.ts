declare module "@alpinejs/csp" {
  const Alpine: { start(): void; data(name: string, make: () => object): void; plugin(plugin: unknown): void };
  export default Alpine;
}
