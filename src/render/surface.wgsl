// Bevy's standard material, with gloss, shade and glow from the vertices.
#import bevy_pbr::{
    forward_io::{FragmentOutput, VertexOutput},
    pbr_fragment::pbr_input_from_standard_material,
    pbr_functions::{apply_pbr_lighting, main_pass_post_lighting_processing},
}

// How bright a crack shines; well above 1, so that bloom catches it.
const GLOW: f32 = 3.0;
// Linear colour of a crack: that of the legend, deeper.
const CRACK: vec3<f32> = vec3<f32>(1.0, 0.13, 0.015);

@fragment
fn fragment(in: VertexOutput, @builtin(front_facing) is_front: bool) -> FragmentOutput {
    var surface = pbr_input_from_standard_material(in, is_front);
    surface.material.metallic = in.uv.x;
    surface.material.perceptual_roughness = in.uv.y;
    let openness = clamp(in.uv_b.x, 0.0, 1.0);
    surface.diffuse_occlusion = vec3<f32>(openness);
    surface.specular_occlusion = openness * openness;
    // Lamps have an extent, so nearby metal takes a part of their light as well.
    surface.material.base_color = vec4<f32>(surface.material.base_color.rgb * mix(0.45, 1.0, openness), 1.0);
    let glow = clamp(in.uv_b.y, 0.0, 1.0);
    surface.material.emissive = vec4<f32>(CRACK * glow * GLOW, 0.0);
    var out: FragmentOutput;
    out.color = apply_pbr_lighting(surface);
    out.color = main_pass_post_lighting_processing(surface, out.color);
    return out;
}
