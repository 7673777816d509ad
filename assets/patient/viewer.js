"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const { words, parts, language } = JSON.parse(byId("data").textContent);
  const canvas = byId("canvas"), stage = byId("stage");
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // ---- state: angles in radians, lengths in mm; x to the patient's left, y to the back, z to the head
  const FIRST = { yaw: 0.32, pitch: 0.12, zoom: 1, right: 0, up: 0 };
  const eye = { ...FIRST };
  const state = { names: true, turning: false, strong: -1 };
  for (const part of parts) part.on = part.shown;
  let draw = () => {};
  let asked = false;
  const refresh = () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame((now) => { asked = false; draw(now); });
    }
  };

  // ---- the list of parts
  const organs = parts.filter((part) => part.through);
  const list = byId("list");
  parts.forEach((part, number) => {
    const box = make("input", { type: "checkbox", "aria-label": words.show.replace("{name}", part.label) });
    box.checked = part.on;
    const swatch = make("i");
    swatch.style.background = part.color;
    const text = make("span", {}, make("b", {}, part.label));
    if (part.note) text.append(make("small", {}, part.note));
    const row = make("li", {}, make("label", {}, box, swatch, text));
    row.classList.toggle("off", !part.on);
    box.addEventListener("change", () => {
      part.on = box.checked;
      row.classList.toggle("off", !part.on);
      refresh();
    });
    const point = (is) => () => { state.strong = is ? number : -1; refresh(); };
    row.addEventListener("pointerenter", point(true));
    row.addEventListener("pointerleave", point(false));
    row.addEventListener("focusin", point(true));
    row.addEventListener("focusout", point(false));
    list.append(row);
  });

  // ---- light or dark
  const isLight = () =>
    root.dataset.theme ? root.dataset.theme === "light" : matchMedia("(prefers-color-scheme: light)").matches;
  const theme = make("button", { type: "button" }, words.theme);
  theme.addEventListener("click", () => { root.dataset.theme = isLight() ? "dark" : "light"; refresh(); });
  byId("top").append(theme);
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", refresh);

  // ---- vectors and matrices (columns first, as WebGL reads them)
  const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const light = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const linear = (hex) => [1, 3, 5].map((at) => light(parseInt(hex.slice(at, at + 2), 16) / 255));

  let gl = null;
  try {
    gl = location.hash === "#still" ? null : canvas.getContext("webgl2", { antialias: true, alpha: false, preserveDrawingBuffer: true });
  } catch (error) {
    gl = null;
  }
  if (!gl) {
    // the still pictures of the page stay
    for (const box of list.querySelectorAll("input")) { box.disabled = true; box.hidden = true; }
    root.dataset.ready = "still";
    return;
  }

  // ---- model
  const letters = atob(byId("model").textContent);
  const bytes = new Uint8Array(letters.length);
  for (let n = 0; n < letters.length; n += 1) bytes[n] = letters.charCodeAt(n);

  const compile = (kind, source) => {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    return shader;
  };
  const program = gl.createProgram();
  gl.attachShader(program, compile(gl.VERTEX_SHADER, `#version 300 es
    layout(location = 0) in vec3 steps;
    layout(location = 1) in vec3 normal;
    uniform vec3 low, step_mm;
    uniform mat4 view, lens;
    out vec3 n, p;
    void main() {
      vec4 seen = view * vec4(low + steps * step_mm, 1.0);
      n = mat3(view) * normal;
      p = seen.xyz;
      gl_Position = lens * seen;
    }`));
  gl.attachShader(program, compile(gl.FRAGMENT_SHADER, `#version 300 es
    precision highp float;
    in vec3 n, p;
    uniform vec3 color;
    uniform float opacity, strong, reach;
    out vec4 shown;
    void main() {
      if (reach > 0.0) {
        float steps = floor(clamp(-p.z / reach, 0.0, 1.0) * 65535.0 + 0.5);
        shown = vec4(floor(steps / 256.0) / 255.0, mod(steps, 256.0) / 255.0, 0.0, 1.0);
        return;
      }
      vec3 to_eye = normalize(-p);
      vec3 face = normalize(n);
      if (dot(face, to_eye) < 0.0) face = -face;
      vec3 lamp = normalize(vec3(-0.45, 0.65, 0.75));
      float lit = max(dot(face, lamp), 0.0), sky = 0.5 + 0.5 * face.y;
      float shine = pow(max(dot(face, normalize(lamp + to_eye)), 0.0), 40.0);
      vec3 light = color * (0.20 + 0.22 * sky + 0.72 * lit) + 0.16 * shine + strong * 0.18 * (color + 0.25);
      float rim = pow(1.0 - max(dot(face, to_eye), 0.0), 2.0);
      float alpha = opacity < 0.995 ? opacity + (1.0 - opacity) * 0.55 * rim : 1.0;
      shown = vec4(pow(light, vec3(1.0 / 2.2)), alpha);
    }`));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) { root.dataset.ready = "still"; return; }
  root.classList.add("gl");
  const at = {};
  for (const name of ["low", "step_mm", "view", "lens", "color", "opacity", "strong", "reach"]) {
    at[name] = gl.getUniformLocation(program, name);
  }
  // a small picture of how far away solid parts are, so that a name's line ends where its part is seen
  const SMALL = 3;
  const small = { frame: gl.createFramebuffer(), color: gl.createTexture(), depth: gl.createRenderbuffer(), data: null };
  const sizeSmall = () => {
    const wide = Math.max(1, Math.ceil(canvas.clientWidth / SMALL)), tall = Math.max(1, Math.ceil(canvas.clientHeight / SMALL));
    if (small.wide === wide && small.tall === tall) return;
    Object.assign(small, { wide, tall, data: new Uint8Array(4 * wide * tall) });
    gl.bindTexture(gl.TEXTURE_2D, small.color);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, wide, tall, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.bindRenderbuffer(gl.RENDERBUFFER, small.depth);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT16, wide, tall);
    gl.bindFramebuffer(gl.FRAMEBUFFER, small.frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, small.color, 0);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, small.depth);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  };
  const solidDepth = (x, y) => {
    const column = Math.floor(x / SMALL), row = small.tall - 1 - Math.floor(y / SMALL);
    if (small.stale || column < 0 || row < 0 || column >= small.wide || row >= small.tall) return Infinity;
    const pixel = 4 * (row * small.wide + column);
    return small.data[pixel + 3] === 0 ? Infinity : ((small.data[pixel] * 256 + small.data[pixel + 1]) / 65535) * small.reach;
  };

  const lowest = [Infinity, Infinity, Infinity], highest = [-Infinity, -Infinity, -Infinity];
  for (const part of parts) {
    const points = new Uint16Array(bytes.buffer, part.points[0], 3 * part.points[1]);
    const Corners = part.corners[2] === 4 ? Uint32Array : Uint16Array;
    const corners = new Corners(bytes.buffer, part.corners[0], part.corners[1]);
    const normals = new Float32Array(points.length);
    const place = (corner, axis) => points[3 * corner + axis] * part.step[axis];
    for (let n = 0; n < corners.length; n += 3) {
      const [a, b, c] = [corners[n], corners[n + 1], corners[n + 2]];
      const one = [0, 1, 2].map((axis) => place(b, axis) - place(a, axis));
      const two = [0, 1, 2].map((axis) => place(c, axis) - place(a, axis));
      const face = cross(one, two);
      for (const corner of [a, b, c]) for (let axis = 0; axis < 3; axis += 1) normals[3 * corner + axis] += face[axis];
    }
    part.size = 0;
    for (let axis = 0; axis < 3; axis += 1) {
      const width = part.step[axis] * 65535;
      part.size = Math.max(part.size, width);
      if (part.on) {
        lowest[axis] = Math.min(lowest[axis], part.low[axis]);
        highest[axis] = Math.max(highest[axis], part.low[axis] + width);
      }
    }
    part.array = gl.createVertexArray();
    gl.bindVertexArray(part.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, points, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 3, gl.UNSIGNED_SHORT, false, 6, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, normals, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 3, gl.FLOAT, false, 12, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, corners, gl.STATIC_DRAW);
    part.kind = part.corners[2] === 4 ? gl.UNSIGNED_INT : gl.UNSIGNED_SHORT;
    part.linear = linear(part.color);
  }
  const middle = [0, 1, 2].map((axis) => (lowest[axis] + highest[axis]) / 2);
  const half = [0, 1, 2].map((axis) => (highest[axis] - lowest[axis]) / 2);
  const FIELD = 0.42;

  // pointers that are down, by their number
  const held = new Map();

  // ---- camera
  const axes = () => {
    const back = [
      Math.sin(eye.yaw) * Math.cos(eye.pitch), -Math.cos(eye.yaw) * Math.cos(eye.pitch), Math.sin(eye.pitch)];
    const right = [Math.cos(eye.yaw), Math.sin(eye.yaw), 0];
    return { back, right, up: cross(back, right) };
  };
  const fit = (aspect) => {
    // room for names at both sides; a narrow stage writes them over the picture
    const wide = aspect > 1.15 ? 0.72 : 0.9;
    const across = Math.hypot(half[0], half[1]);
    const tall = Math.max(half[2], 0.55 * across) * 1.12;
    return Math.max(tall, across / (aspect * wide)) / Math.tan(FIELD / 2) + 0.5 * across;
  };
  const look = () => {
    const { back, right, up } = axes();
    const aspect = canvas.clientWidth / Math.max(canvas.clientHeight, 1);
    const away = fit(aspect) / eye.zoom;
    const focus = [0, 1, 2].map((axis) => middle[axis] - right[axis] * eye.right - up[axis] * eye.up);
    const from = focus.map((value, axis) => value + back[axis] * away);
    const view = new Float32Array([
      right[0], up[0], back[0], 0, right[1], up[1], back[1], 0, right[2], up[2], back[2], 0,
      -dot(right, from), -dot(up, from), -dot(back, from), 1]);
    const reach = Math.hypot(...half) * 1.2;
    const near = Math.max(away - reach, away * 0.02, 1), far = away + reach + 200;
    const f = 1 / Math.tan(FIELD / 2);
    const lens = new Float32Array([
      f / aspect, 0, 0, 0, 0, f, 0, 0, 0, 0, (far + near) / (near - far), -1, 0, 0, (2 * far * near) / (near - far), 0]);
    return { back, right, up, from, away, view, lens, f, aspect };
  };

  // ---- names with their lines
  const names = byId("names"), lines = byId("lines");
  const SVG = "http://www.w3.org/2000/svg";
  parts.forEach((part) => {
    part.tag = make("span", {}, part.label);
    part.tag.style.borderLeftColor = part.color;
    names.append(part.tag);
    part.path = lines.appendChild(document.createElementNS(SVG, "path"));
    part.dot = lines.appendChild(document.createElementNS(SVG, "circle"));
    part.dot.setAttribute("r", "4");
    part.side = 0;
    part.chosen = -1;
  });
  const writeNames = (camera) => {
    const width = stage.clientWidth, height = stage.clientHeight;
    const project = (spot) => {
      const rest = [0, 1, 2].map((axis) => spot[axis] - camera.from[axis]);
      const depth = -dot(camera.back, rest);
      return [
        width / 2 + (dot(camera.right, rest) * camera.f * height) / (2 * depth),
        height / 2 - (dot(camera.up, rest) * camera.f * height) / (2 * depth), depth];
    };
    const sides = [[], []];
    for (const part of parts) {
      let best = -1, score = -Infinity, spot = null;
      if (part.on && state.names) {
        part.anchors.forEach((anchor, number) => {
          const seen = project(anchor);
          if (seen[0] < 8 || seen[0] > width - 8 || seen[1] < 8 || seen[1] > height - 8) return;
          const facing = dot(anchor.slice(3), camera.back);
          const outwards = Math.abs(seen[0] - width / 2) / width;
          const covered = seen[2] > solidDepth(seen[0], seen[1]) + 3;
          const worth = facing + 0.7 * outwards + (number === part.chosen ? 0.25 : 0) - (covered ? 3 : 0);
          if (worth > score) { score = worth; best = number; spot = [...seen, covered]; }
        });
      }
      part.chosen = best;
      const hidden = best < 0;
      part.tag.style.visibility = hidden ? "hidden" : "visible";
      part.path.style.visibility = part.dot.style.visibility = hidden ? "hidden" : "visible";
      if (hidden) continue;
      const lean = spot[0] - width / 2 - (part.side === 0 ? 12 : -12);
      part.side = lean > 0 ? 1 : 0;
      sides[part.side].push({ part, spot });
    }
    // lines of names do not cross where both ends keep their order
    const gap = 6, top = 34, bottom = height - 40;
    const tall = Math.max(26, ...parts.map((part) => part.tag.offsetHeight));
    const room = Math.max(1, Math.floor((bottom - top) / (tall + gap)));
    for (const number of [0, 1]) {
      const other = sides[1 - number];
      sides[number].sort((a, b) => Math.abs(b.spot[0] - width / 2) - Math.abs(a.spot[0] - width / 2));
      while (sides[number].length > room && other.length < room) {
        const moved = sides[number].pop();
        moved.part.side = 1 - number;
        other.push(moved);
      }
    }
    for (const number of [0, 1]) {
      const rows = sides[number].slice(0, room).sort((a, b) => a.spot[1] - b.spot[1]);
      for (const left of sides[number].slice(room)) {
        left.part.tag.style.visibility = left.part.path.style.visibility = left.part.dot.style.visibility = "hidden";
      }
      let line = top;
      const ys = rows.map(({ spot }) => (line = Math.max(line, spot[1] - tall / 2) + tall + gap) - tall - gap);
      let last = bottom;
      for (let n = ys.length - 1; n >= 0; n -= 1) { ys[n] = Math.min(ys[n], last - tall); last = ys[n] - gap; }
      rows.forEach(({ part, spot }, n) => {
        const wide = part.tag.offsetWidth, edge = width > 620 ? 34 : 8;
        const x = number === 0 ? edge : width - edge - wide;
        part.tag.style.transform = `translate(${x}px, ${ys[n]}px)`;
        part.tag.classList.toggle("strong", parts[state.strong] === part);
        const from = number === 0 ? x + wide : x, y = ys[n] + part.tag.offsetHeight / 2;
        const knee = from + (number === 0 ? 14 : -14);
        for (const mark of [part.path, part.dot]) mark.classList.toggle("behind", spot[3]);
        part.path.setAttribute("d", `M${from} ${y}H${knee}L${spot[0]} ${spot[1]}`);
        part.dot.setAttribute("cx", spot[0]);
        part.dot.setAttribute("cy", spot[1]);
      });
    }
  };

  // ---- which side of the body each edge of the picture is, and a length
  const edges = {};
  for (const side of ["l", "r", "t", "b"]) byId("edges").append((edges[side] = make("span", { class: side })));
  const SIDES = [["edge_right", "edge_left"], ["edge_front", "edge_back"], ["edge_feet", "edge_head"]];
  const writeEdges = (camera) => {
    const ends = (axis) => {
      const most = [0, 1, 2].reduce((best, n) => (Math.abs(axis[n]) > Math.abs(axis[best]) ? n : best), 0);
      if (Math.abs(axis[most]) < 0.75) return ["", ""];
      const pair = SIDES[most].map((key) => words[key]);
      return axis[most] > 0 ? pair : pair.reverse();
    };
    [edges.l.textContent, edges.r.textContent] = ends(camera.right);
    [edges.b.textContent, edges.t.textContent] = ends(camera.up);
    const pixels = (camera.f * stage.clientHeight) / (2 * camera.away);
    const cm = [1, 2, 5, 10, 20].find((length) => length * 10 * pixels >= 60) || 20;
    byId("scale").style.width = `${cm * 10 * pixels}px`;
    byId("scale").textContent = words.scale.replace("{cm}", cm.toLocaleString(language));
  };

  // ---- drawing: solid parts, then those seen through, each only where it is nearest, so that nothing is sorted wrongly
  const put = (part, number, opacity) => {
    gl.uniform3fv(at.low, part.low);
    gl.uniform3fv(at.step_mm, part.step);
    gl.uniform3fv(at.color, part.linear);
    gl.uniform1f(at.opacity, opacity);
    gl.uniform1f(at.strong, number === state.strong ? 1 : 0);
    gl.bindVertexArray(part.array);
    gl.drawElements(gl.TRIANGLES, part.corners[1], part.kind, 0);
  };
  let before = 0, touched = -Infinity, slow = false, later = 0;
  // what a hand or a button moved: a slow computer draws it coarsely until it rests
  const moved = () => {
    touched = performance.now();
    clearTimeout(later);
    later = setTimeout(refresh, 300);
    refresh();
  };
  draw = (now) => {
    const begun = performance.now();
    const coarse = slow && (held.size > 0 || state.turning || begun - touched < 250);
    if (state.turning) {
      eye.yaw += Math.min((now - before) / 1000, 0.1) * 0.45;
      refresh();
    }
    before = now;
    const ratio = coarse ? 0.5 : Math.min(devicePixelRatio || 1, 2);
    const [wide, tall] = [canvas.clientWidth, canvas.clientHeight].map((size) => Math.max(1, Math.round(size * ratio)));
    if (canvas.width !== wide || canvas.height !== tall) { canvas.width = wide; canvas.height = tall; }
    const camera = look();
    const back = getComputedStyle(stage).backgroundColor.match(/\d+/g).map((value) => value / 255);
    gl.useProgram(program);
    gl.uniformMatrix4fv(at.view, false, camera.view);
    gl.uniformMatrix4fv(at.lens, false, camera.lens);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    gl.disable(gl.BLEND);
    const shown = parts.map((part, number) => [part, number]).filter(([part]) => part.on);
    sizeSmall();
    small.stale = coarse;
    small.reach = camera.away + 2 * Math.hypot(...half);
    if (!coarse) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, small.frame);
      gl.viewport(0, 0, small.wide, small.tall);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.uniform1f(at.reach, small.reach);
      for (const [part, number] of shown) if (part.opacity > 0.995) put(part, number, 1);
      gl.readPixels(0, 0, small.wide, small.tall, gl.RGBA, gl.UNSIGNED_BYTE, small.data);
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.uniform1f(at.reach, 0);
    gl.viewport(0, 0, wide, tall);
    gl.clearColor(back[0], back[1], back[2], 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    for (const [part, number] of shown) if (part.opacity > 0.995) put(part, number, 1);
    gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE);
    const clear = shown.filter(([part]) => part.opacity <= 0.995).sort((a, b) => a[0].size - b[0].size);
    for (const [part, number] of clear) {
      gl.colorMask(false, false, false, false);
      put(part, number, part.opacity);
      gl.colorMask(true, true, true, true);
      gl.enable(gl.BLEND);
      put(part, number, part.opacity);
      gl.disable(gl.BLEND);
    }
    if (!coarse) {
      // asking for a pixel waits until all is drawn
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      slow = performance.now() - begun > 70;
    }
    writeNames(camera);
    writeEdges(camera);
    root.dataset.ready = "drawn";
  };

  // ---- buttons
  const bar = byId("bar");
  const button = (text, act) => {
    const made = make("button", { type: "button" }, text);
    made.addEventListener("click", () => { act(made); refresh(); });
    return made;
  };
  const stop = () => {
    state.turning = false;
    turning.textContent = words.turn;
    turning.setAttribute("aria-pressed", "false");
  };
  const VIEWS = {
    front: [0, 0], back: [Math.PI, 0], left: [Math.PI / 2, 0], right: [-Math.PI / 2, 0], above: [0, 1.5], below: [0, -1.5],
  };
  const view = (key) => { stop(); [eye.yaw, eye.pitch] = VIEWS[key]; eye.right = eye.up = 0; };
  for (const key of Object.keys(VIEWS)) bar.append(button(words[key], () => view(key)));
  const zoom = (factor) => { eye.zoom = Math.min(Math.max(eye.zoom * factor, 0.4), 12); };
  const nearer = button("+", () => zoom(1.25)), farther = button("−", () => zoom(0.8));
  nearer.setAttribute("aria-label", words.nearer);
  farther.setAttribute("aria-label", words.farther);
  const turning = button(words.turn, () => {
    state.turning = !state.turning;
    turning.textContent = state.turning ? words.stop : words.turn;
    turning.setAttribute("aria-pressed", String(state.turning));
  });
  turning.setAttribute("aria-pressed", "false");
  const reset = () => {
    stop();
    Object.assign(eye, FIRST);
    for (const part of parts) { part.side = 0; part.chosen = -1; }
  };
  const touch = matchMedia("(pointer: coarse)").matches;
  bar.append(nearer, farther, turning, button(words.reset, reset), make("p", {}, touch ? words.help_touch : words.help));
  const naming = button(words.labels, () => setNames(!state.names));
  const setNames = (is) => { state.names = is; naming.setAttribute("aria-pressed", String(is)); };
  setNames(true);
  byId("top").prepend(naming);
  if (organs.length) {
    const slider = make("input", { type: "range", min: "0", max: "100", step: "1" });
    slider.value = String(Math.round(100 * (1 - organs[0].opacity)));
    slider.addEventListener("input", () => {
      for (const part of organs) part.opacity = Math.max(0.06, 1 - slider.value / 100);
      refresh();
    });
    byId("through").append(
      make("label", {}, words.through, slider),
      make("div", { class: "ends" }, make("span", {}, words.solid), make("span", {}, words.clear)));
  }

  // ---- hand and keys
  const middleOf = () => {
    const spots = [...held.values()];
    const spread = spots.length > 1 ? Math.hypot(spots[0][0] - spots[1][0], spots[0][1] - spots[1][1]) : 0;
    return [spots.reduce((sum, s) => sum + s[0], 0) / spots.length, spots.reduce((sum, s) => sum + s[1], 0) / spots.length, spread];
  };
  const perPixel = () => (2 * fit(canvas.clientWidth / canvas.clientHeight) * Math.tan(FIELD / 2)) / eye.zoom / canvas.clientHeight;
  const turn = (x, y) => {
    eye.yaw -= x;
    eye.pitch = Math.min(Math.max(eye.pitch + y, -1.5), 1.5);
  };
  canvas.addEventListener("pointerdown", (event) => {
    stop();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add("dragged");
    held.set(event.pointerId, [event.clientX, event.clientY]);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held.has(event.pointerId)) return;
    const [x, y, spread] = middleOf();
    held.set(event.pointerId, [event.clientX, event.clientY]);
    const [newX, newY, newSpread] = middleOf();
    const moves = held.size > 1 || event.buttons === 2 || event.buttons === 4 || event.shiftKey;
    if (moves) {
      eye.right += (newX - x) * perPixel();
      eye.up -= (newY - y) * perPixel();
    } else {
      turn((newX - x) * 0.008, (newY - y) * 0.008);
    }
    if (spread > 0 && newSpread > 0) zoom(newSpread / spread);
    moved();
  });
  const release = (event) => {
    held.delete(event.pointerId);
    refresh();
    canvas.classList.toggle("dragged", held.size > 0);
  };
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(name, release);
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 120) * 0.0015));
    moved();
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 0 : 0.17;
    const move = (x, y) => {
      if (step) turn(x * step, y * step);
      else { eye.right += 20 * x * perPixel(); eye.up -= 20 * y * perPixel(); }
    };
    const acts = {
      ArrowLeft: () => move(-1, 0), ArrowRight: () => move(1, 0), ArrowUp: () => move(0, -1), ArrowDown: () => move(0, 1),
      "+": () => zoom(1.15), "=": () => zoom(1.15), "-": () => zoom(0.87), Home: reset, 0: reset,
      l: () => setNames(!state.names), n: () => setNames(!state.names), " ": () => turning.click(),
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.key !== " ") stop();
    act();
    moved();
  });
  canvas.addEventListener("webglcontextlost", (event) => { event.preventDefault(); root.classList.remove("gl"); });
  canvas.addEventListener("webglcontextrestored", () => location.reload());
  new ResizeObserver(refresh).observe(stage);
  const wanted = location.hash.slice(1);
  if (VIEWS[wanted]) view(wanted);
  // at once: a page in the background gets no frames
  draw(performance.now());
})();
