/** Patterns that tell states apart without colour. */
export function Patterns() {
  return (
    <defs>
      <pattern id="stale-leader" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="3" height="7" class="ink stale" />
      </pattern>
      <pattern id="no-leader" width="6" height="6" patternUnits="userSpaceOnUse">
        <circle cx="1.5" cy="1.5" r="0.9" class="ink none" />
      </pattern>
      <pattern id="unasked" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="1" height="6" class="ink unasked" />
      </pattern>
      <pattern id="ops-info" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="1.5" height="4" class="ink info" />
      </pattern>
      <pattern id="ops-fail" width="4" height="4" patternUnits="userSpaceOnUse">
        <rect width="4" height="1.5" class="ink fail" />
      </pattern>
    </defs>
  );
}
